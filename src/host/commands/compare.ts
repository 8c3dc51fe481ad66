import * as vscode from 'vscode';
import { conventions } from '../../core/batchnorm/conventions/registry';
import type { Flags } from '../../core/batchnorm/flags';
import { defaultTolerance } from '../../core/statistics/compare';
import { formatSetting } from '../../core/text/format';
import type { CompareSession } from '../compare/compareSession';
import { flagsText, sideTitle, type CompareSide } from '../compare/compareSpec';
import { isRecord } from '../guards';
import { freshView, saveInspection } from '../inspection/saved';
import { isRunFileName } from '../inspection/source';
import { panelViewType } from '../panel/inspectionPanels';
import { onActive, type ActiveInspection, type Command, type CommandContext } from './command';
import { parseNumber } from './parseNumber';
import { ask, choose, say } from './prompts';
import { targetOf } from './tensorFiles';

/** Remembers what a menu, a row or the open inspection names. */
export const selectForCompare: Command = {
  id: 'selectForCompare',
  run: async (context, argument) => {
    const side = await sideOf(context, argument);
    if (!side) return;
    context.comparisons.selected = side;
    void vscode.commands.executeCommand('setContext', 'normscope.hasSelectedForCompare', true);
    vscode.window.setStatusBarMessage(`$(check) ${sideTitle(side)} is selected for compare`, 4000);
  },
};

/** Compares it with what was selected before, which is A. */
export const compareWithSelected: Command = {
  id: 'compareWithSelected',
  run: async (context, argument) => {
    const a = context.comparisons.selected;
    if (!a) {
      await say('Choose “Select for Compare” on a tensor, a layer or a file first.');
      return undefined;
    }
    const b = await sideOf(context, argument);
    if (!b) return undefined;
    await context.comparisons.open({ a, b, tolerance: defaultTolerance }).settled();
    return undefined;
  },
};

async function sideOf(
  context: CommandContext,
  argument: unknown,
): Promise<CompareSide | undefined> {
  // The title of a webview names itself.
  const file = argument instanceof vscode.Uri && argument.scheme !== 'webview-panel';
  if (file) return sideOfFile(context, argument);
  const listed = await sideOfListed(context, argument);
  if (listed) return listed;
  const target = isPanelInFront() ? undefined : targetOf(context, argument);
  if (target) {
    const { uri } = target.session;
    const { kind, name } = target.item;
    if (kind === 'tensor') return { source: { kind, uri, name }, show: 'input' };
    return layerSide(uri, name);
  }
  const session = context.inspections.active;
  const inspection = session?.inspection;
  if (session && inspection) return sideOfInspection({ session, inspection }, 'output');
  await say('Select a tensor or a batch norm in an open tensor file first, or inspect a tensor.');
  return undefined;
}

/** Its output in inference: in training its moving statistics, which are compared, would have no part in it. */
function layerSide(uri: string, name: string): CompareSide {
  const input = { kind: 'generated', seed: 1 } as const;
  return {
    source: { kind: 'layer', uri, name, input },
    show: 'output',
    flags: { training: false, trainable: true },
  };
}

/** An inspection or a file of the view “Tensor Files”. */
async function sideOfListed(
  context: CommandContext,
  argument: unknown,
): Promise<CompareSide | undefined> {
  const element: unknown = isRecord(argument) ? argument.session : undefined;
  const session = context.inspections.all.find(one => one === element);
  const inspection = session?.inspection;
  if (session && inspection) return sideOfInspection({ session, inspection }, 'output');
  const isItem = isRecord(argument) && argument.item !== undefined;
  const file = isItem ? undefined : context.tensorFiles.open.all.find(one => one === element);
  return file && sideOfFile(context, vscode.Uri.parse(file.uri));
}

function isPanelInFront(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType);
}

/** A run file is a side; of a tensor file one of its tensors or layers. */
async function sideOfFile(
  { tensorFiles }: CommandContext,
  file: vscode.Uri,
): Promise<CompareSide | undefined> {
  const uri = file.toString();
  if (isRunFileName(file.path) || /\.jsonc?$/i.test(file.path)) {
    return { source: { kind: 'resource', uri }, show: 'output' };
  }
  const listed = await tensorFiles.files.list(uri, new AbortController().signal);
  if (!listed.ok) {
    await say(listed.problem.message);
    return undefined;
  }
  const { layers, tensors } = listed.value;
  const sides = [
    ...layers
      .filter(({ incomplete }) => !incomplete)
      .map(({ name, channels }) => ({
        label: `$(layers) ${name === '' ? 'the file’s own layer' : name}`,
        description: `batch norm · ${channels} channels`,
        value: layerSide(uri, name),
      })),
    ...tensors.map(({ name, dtype, shape }) => ({
      label: name,
      description: `${dtype} [${shape.join(', ')}]`,
      value: { source: { kind: 'tensor', uri, name }, show: 'input' } as const,
    })),
  ];
  const [only] = sides;
  if (only && sides.length === 1) return only.value;
  return choose<CompareSide>('Which of its tensors and layers', sides);
}

export function sideOfInspection(
  { session, inspection }: ActiveInspection,
  show: CompareSide['show'],
): CompareSide {
  const { source } = session;
  // Undo of a state that is compared is nobody's.
  const present = { ...inspection, past: [], future: [] };
  return {
    source,
    show,
    saved: saveInspection(source, freshView, present),
    flags: inspection.flags,
    convention: inspection.present.layer.convention.id,
  };
}

/** The open inspection beside itself: under other flags, another convention, or its input beside its output. */
export const compareInspection = onActive('compareInspection', async (active, context) => {
  const b = sideOfInspection(active, 'output');
  const a = await choose<CompareSide>('Compare its output with', [
    { label: 'The input', value: sideOfInspection(active, 'input') },
    ...otherFlags(active.inspection.flags).map(flags => ({
      label: `The output with ${flagsText(flags)}`,
      value: { ...b, flags },
    })),
    ...conventions
      .filter(({ id }) => id !== b.convention)
      .map(({ id, name }) => ({ label: `The output in ${name}`, value: { ...b, convention: id } })),
  ]);
  if (a) await context.comparisons.open({ a, b, tolerance: defaultTolerance }).settled();
});

function otherFlags({ training, trainable }: Flags): Flags[] {
  return [
    { training: !training, trainable },
    { training, trainable: !trainable },
    { training: !training, trainable: !trainable },
  ];
}

/** A command on the comparison that was looked at last. */
function onComparison(id: string, run: (session: CompareSession) => Promise<unknown>): Command {
  return {
    id,
    run: async ({ comparisons: { active } }) => {
      if (active) await run(active);
      else await say('Compare two tensors or layers first, with “Compare Tensor with Selected”.');
    },
  };
}

export const swapCompared = onComparison('swapCompared', async session => {
  session.act({ kind: 'swap' });
  await session.settled();
});

export const setCompareTolerance = onComparison('setCompareTolerance', async session => {
  const { rtol, atol, equalNan } = session.spec.tolerance;
  const bounds = await ask<readonly [rtol: number, atol: number]>({
    title: 'Tolerance: |a − b| ≤ atol + rtol·|b|',
    prompt: 'rtol and atol, with a blank between them',
    value: `${formatSetting(rtol)} ${formatSetting(atol)}`,
    parse: text => {
      const [first, second, ...more] = text
        .trim()
        .split(/[\s,]+/)
        .map(parseNumber);
      const isBound = (x: number | undefined): x is number =>
        x !== undefined && x >= 0 && x < Infinity;
      return isBound(first) && isBound(second) && more.length === 0
        ? { value: [first, second] }
        : { problem: 'Give two numbers of at least 0, such as 1e-5 1e-8.' };
    },
  });
  if (!bounds) return;
  session.act({ kind: 'setTolerance', tolerance: { rtol: bounds[0], atol: bounds[1], equalNan } });
  await session.settled();
});
