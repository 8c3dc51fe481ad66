import * as vscode from 'vscode';
import { onActive } from './command';
import { choose, type Choice } from './prompts';

const action = (label: string, command: string): Choice<string> => ({
  label,
  value: `normscope.${command}`,
});

/** What the status bar item offers. */
const actions: readonly Choice<string>[] = [
  action('$(go-to-file) Show the inspection', 'showPanel'),
  action('$(mortar-board) Toggle training', 'toggleTraining'),
  action('$(unlock) Toggle trainable', 'toggleTrainable'),
  action('$(debug-step-over) Step', 'step'),
  action('$(debug-continue) Run steps…', 'runSteps'),
  action('$(discard) Undo step or edit', 'undo'),
  action('$(redo) Redo step or edit', 'redo'),
  action('$(milestone) Go to step…', 'goToStep'),
  action('$(graph-line) Add recording to inspection…', 'addRecording'),
  action('$(debug-restart) Reset to source', 'reset'),
  action('$(law) Choose convention…', 'chooseConvention'),
  action('$(layers) Choose channel axis…', 'chooseChannelAxis'),
  action('$(edit) Edit parameter…', 'editParameter'),
  action('$(lightbulb) Fix finding here…', 'fixHere'),
  action('$(copy) Copy results…', 'copyResults'),
  action('$(save-as) Save inspection as…', 'saveInspection'),
];

export const showActions = onActive('showActions', async ({ session }) => {
  const { state } = session;
  const verdict = state.kind === 'ready' ? state.view.verdict.text : '';
  const command = await choose('Normscope', actions, verdict);
  if (command !== undefined) await vscode.commands.executeCommand(command);
});
