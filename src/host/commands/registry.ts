import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../lifecycle';
import { showActions } from './actions';
import type { Command, CommandContext } from './command';
import {
  compareInspection,
  compareCheckpoints,
  compareWithSelected,
  selectForCompare,
  setCompareTolerance,
  swapCompared,
} from './compare';
import {
  copyTensors,
  inspectExpression,
  inspectVariable,
  liftDebugLimits,
  pinTensor,
  refreshTensors,
  unpinTensor,
} from './debug';
import { copyResults, saveInspection } from './export';
import { compareFix, fixHere } from './fixes';
import { copyLink, copySlice, exportChannels, exportPicture, exportSlice } from './takeAway';
import { inspectAt, inspectAtCursor, inspectCall, inspectFile } from './inspect';
import {
  chooseChannelAxis,
  chooseConvention,
  editParameter,
  selectChannel,
  selectElement,
} from './layer';
import {
  chooseAxisRole,
  chooseColourScale,
  chooseSliceTensor,
  showPicture,
  sliceTensor,
} from './pictures';
import { inspectJupyterVariable, inspectOutput } from './notebooks';
import { addRecording, openRecording } from './recordings';
import { openSample } from './sample';
import { openSeries } from './series';
import {
  checkLayers,
  chooseLayerInput,
  copyTensorName,
  copyTensorShape,
  goToTensor,
  inspectItem,
  inspectLayerWithInput,
  reloadTensorFile,
  revealInTensorFile,
  stopCheckingLayers,
} from './tensorFiles';
import {
  goToStep,
  redo,
  reset,
  runSteps,
  step,
  toggleTrainable,
  toggleTraining,
  undo,
} from './steps';
import {
  cancelReading,
  compareConventions,
  filterChannels,
  readAgain,
  revealSource,
  showLog,
  showInspection,
  showPanel,
  sortChannels,
} from './view';

/** Every command; all but those that links use (`inspectAt`, `revealInTensorFile`, `showInspection`) are in the manifest. */
export const commands: readonly Command[] = [
  inspectAtCursor,
  inspectAt,
  inspectCall,
  inspectFile,
  inspectOutput,
  inspectJupyterVariable,
  inspectVariable,
  inspectExpression,
  liftDebugLimits,
  pinTensor,
  unpinTensor,
  refreshTensors,
  copyTensors,
  openSample,
  inspectItem,
  inspectLayerWithInput,
  goToTensor,
  copyTensorName,
  copyTensorShape,
  reloadTensorFile,
  checkLayers,
  stopCheckingLayers,
  revealInTensorFile,
  chooseLayerInput,
  showPanel,
  showInspection,
  showActions,
  revealSource,
  readAgain,
  cancelReading,
  toggleTraining,
  toggleTrainable,
  step,
  runSteps,
  undo,
  redo,
  goToStep,
  openRecording,
  addRecording,
  openSeries,
  reset,
  chooseConvention,
  chooseChannelAxis,
  compareConventions,
  editParameter,
  fixHere,
  compareFix,
  selectChannel,
  selectElement,
  sortChannels,
  filterChannels,
  selectForCompare,
  compareCheckpoints,
  compareWithSelected,
  compareInspection,
  setCompareTolerance,
  swapCompared,
  showPicture,
  sliceTensor,
  chooseAxisRole,
  chooseSliceTensor,
  chooseColourScale,
  copyResults,
  saveInspection,
  copySlice,
  exportSlice,
  exportChannels,
  exportPicture,
  copyLink,
  showLog,
];

export function registerCommands(context: CommandContext): Disposable {
  const store = new DisposableStore();
  for (const { id, run } of commands) {
    const handler = (...args: unknown[]): unknown => run(context, ...args);
    store.add(vscode.commands.registerCommand(`normscope.${id}`, handler));
  }
  return store;
}
