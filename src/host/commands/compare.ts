import * as vscode from 'vscode';
import { conventions } from '../../core/batchnorm/conventions/registry';
import type { Flags } from '../../core/batchnorm/flags';
import { defaultTolerance } from '../../core/statistics/compare';
import { formatSetting } from '../../core/text/format';
import type { CompareSession } from '../compare/compareSession';
import {
  flagsText,
  layerSide,
  sideTitle,
  type CompareChoice,
  type CompareSide,
} from '../compare/compareSpec';
import { tensorFileExtensions } from '../files/fileNames';
import { isRecord } from '../guards';
import { freshView, saveInspection } from '../inspection/saved';
import { baseName, isRunFileName } from '../inspection/source';
import { panelViewType } from '../panel/inspectionPanels';
import { onActive, type ActiveInspection, type Command, type CommandContext } from './command';
import { parseNumber } from './parseNumber';
import { ask, choose, say } from './prompts';
import { isUri } from './resources';
import { targetOf } from './tensorFiles';

/** Remembers what a menu, a row or the open inspection names. */
export const selectForCompare: Command = {
  id: 'selectForCompare',
  run: async (context, argument) => {
    const choice = await choiceOf(context, argument);
    if (!choice) return;
    context.comparisons.selected = choice;
    void vscode.commands.executeCommand('setContext', 'normscope.hasSelectedForCompare', true);
    vscode.window.setStatusBarMessage(
      `$(check) ${choiceTitle(choice)} is selected for compare`,
      4000,
    );
  },
};

function choiceTitle(choice: CompareChoice): string {
  return 'file' in choice ? baseName(choice.file) : sideTitle(choice);
}

/** Compares it with what was selected before, which is A; files as they were selected, whole or in part. */
export const compareWithSelected: Command = {
  id: 'compareWithSelected',
  run: async (context, argument) => {
    const a = context.comparisons.selected;
    if (!a) {
      await say('Choose “Select for Compare” on a tensor, a layer or a file first.');
      return undefined;
    }
    const file = 'file' in a ? fileOf(context, argument) : undefined;
    if ('file' in a && file) {
      const spec = { a: a.file, b: file.toString(), tolerance: defaultTolerance };
      return context.comparedFiles.open(spec);
    }
    const b = await choiceOf(context, argument);
    if (!b) return undefined;
    if ('file' in a || 'file' in b) {
      const [whole, part] = 'file' in a ? [a, b] : [b, a];
      await say(
        `${choiceTitle(whole)} stands for all its batch norms, and ${choiceTitle(part)} for one thing: choose a layer of the file, or another whole file.`,
      );
      return undefined;
    }
    await context.comparisons.open({ a, b, tolerance: defaultTolerance }).settled();
    return undefined;
  },
};

/** Compares all batch norms of two checkpoints: the two that are selected, or those that are asked for. */
export const compareCheckpoints: Command = {
  id: 'compareCheckpoints',
  run: async ({ comparedFiles }, resource, resources) => {
    const given = Array.isArray(resources) ? resources.filter(isUri) : [resource].filter(isUri);
    if (given.length > 2) {
      await say(
        `${given.length} files are selected: two are compared; of more, “Open Checkpoints as Series” shows the course.`,
      );
      return undefined;
    }
    const a = given[0] ?? (await askCheckpoint('Compare Checkpoints: A, such as the original'));
    const b = a && (given[1] ?? (await askCheckpoint('Compare Checkpoints: B, made from A')));
    if (!a || !b) return undefined;
    return comparedFiles.open({
      a: a.toString(),
      b: b.toString(),
      tolerance: defaultTolerance,
    });
  },
};

async function askCheckpoint(title: string): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Compare',
    filters: { 'Tensor files': [...tensorFileExtensions], 'All files': ['*'] },
  });
  return chosen?.[0];
}

/** The file that an argument names: one of the Explorer, or a file of the view “Tensor Files”. */
function fileOf({ tensorFiles }: CommandContext, argument: unknown): vscode.Uri | undefined {
  // The title of a webview names itself.
  if (argument instanceof vscode.Uri) {
    return argument.scheme === 'webview-panel' ? undefined : argument;
  }
  if (!isRecord(argument) || argument.item !== undefined) return undefined;
  const listed = tensorFiles.open.all.find(one => one === argument.session);
  return listed && vscode.Uri.parse(listed.uri);
}

async function choiceOf(
  context: CommandContext,
  argument: unknown,
): Promise<CompareChoice | undefined> {
  const file = fileOf(context, argument);
  if (file) return choiceOfFile(context, file);
  const listed = sideOfListed(context, argument);
  if (listed) return listed;
  const target = isPanelInFront() ? undefined : targetOf(context, argument);
  if (target) {
    const { uri } = target.session;
    const { kind, name } = target.item;
    if (kind === 'tensor') return { source: { kind: 'tensor', uri, name }, show: 'input' };
    return layerSide(uri, name);
  }
  const session = context.inspections.active;
  const inspection = session?.inspection;
  if (session && inspection) return sideOfInspection({ session, inspection }, 'output');
  await say('Select a tensor or a batch norm in an open tensor file first, or inspect a tensor.');
  return undefined;
}

/** An inspection of the view “Tensor Files”. */
function sideOfListed(context: CommandContext, argument: unknown): CompareSide | undefined {
  const element: unknown = isRecord(argument) ? argument.session : undefined;
  const session = context.inspections.all.find(one => one === element);
  const inspection = session?.inspection;
  return session && inspection && sideOfInspection({ session, inspection }, 'output');
}

function isPanelInFront(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType);
}

/** A run file is a side; a tensor file is one of its tensors or layers, or all of its layers. */
async function choiceOfFile(
  { tensorFiles }: CommandContext,
  file: vscode.Uri,
): Promise<CompareChoice | undefined> {
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
  const all = {
    label: `$(list-tree) All its ${layers.length} batch norms`,
    description: 'paired with those of another file',
    value: { file: uri, layers: layers.length },
  };
  const sides = [
    ...(layers.length > 1 ? [all] : []),
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
  return choose<CompareChoice>('Which of its tensors and layers', sides);
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
