import * as vscode from 'vscode';
import { isRecord } from '../guards';
import type { FrameTensors } from '../debug/frameTensors';
import type { Command, CommandContext } from './command';
import type { PanelState } from '../../protocol/panel';
import { ask, say } from './prompts';

/**
 * For the menus of a debugger's variables and watches, which name what they are opened on.
 * @returns what the user was told instead of being shown it
 */
export const inspectVariable: Command = {
  id: 'inspectVariable',
  run: async (context, argument) => {
    const named = expressionIn(argument);
    if (named) return inspect(context, named.expression, named.sessionId);
    await say(
      'Select a variable of the debugger, or run “Normscope: Inspect Expression of Paused Program…”.',
    );
    return undefined;
  },
};

/** The editor's selection, or what the user types. @returns what the user was told instead of being shown it */
export const inspectExpression: Command = {
  id: 'inspectExpression',
  run: async (context, argument) => {
    const given = typeof argument === 'string' ? argument : selectedText();
    const expression = given === '' ? await askExpression() : given;
    return expression === undefined ? undefined : inspect(context, expression);
  },
};

async function inspect(
  { debugging, panels }: CommandContext,
  expression: string,
  sessionId?: string,
): Promise<string | undefined> {
  const source = await debugging.sourceOf(expression, sessionId);
  if (!source.ok) {
    await say(source.problem.message);
    return source.problem.message;
  }
  const session = panels.open(source.value);
  await session.settled();
  return toldBy(session.state);
}

/** What stands in a panel's place, or above it. */
function toldBy(state: PanelState): string | undefined {
  if (state.kind === 'failed') return state.problem.message;
  return state.kind === 'ready' ? state.view.banner?.problem.message : undefined;
}

interface NamedExpression {
  readonly expression: string;
  readonly sessionId?: string;
}

/** A variable has `evaluateName`, a watch is its own expression. */
function expressionIn(argument: unknown): NamedExpression | undefined {
  if (!isRecord(argument)) return undefined;
  const variable = isRecord(argument.variable) ? argument.variable : argument;
  const names: readonly unknown[] = [variable.evaluateName, variable.name];
  const expression = names.find(
    (name): name is string => typeof name === 'string' && name.trim() !== '',
  );
  if (expression === undefined) return undefined;
  const { sessionId } = argument;
  return { expression, ...(typeof sessionId === 'string' && { sessionId }) };
}

function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.getText(editor.selection).trim() ?? '';
}

/** With what stands at the cursor to begin with. */
function askExpression(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active);
  return ask({
    title: 'Inspect an expression of the paused program',
    prompt: 'A tensor or a batch norm, such as x, batch["image"] or self.bn1',
    value: word && editor ? editor.document.getText(word) : '',
    parse: text =>
      text.trim() === '' ? { problem: 'An expression is needed.' } : { value: text.trim() },
  });
}

/** Of the view “Tensors”, whose lines name what they are. */
function onListed(
  id: string,
  act: (tensors: FrameTensors, expression: string) => unknown,
): Command {
  return {
    id,
    run: async ({ debugging }, argument) => {
      const expression = isRecord(argument) ? argument.expression : argument;
      if (typeof expression !== 'string') return;
      await act((await debugging.load()).tensors, expression);
    },
  };
}

export const pinTensor = onListed('pinTensor', (tensors, expression) => tensors.pin(expression));

export const unpinTensor = onListed('unpinTensor', (tensors, expression) =>
  tensors.unpin(expression),
);

/** Looks at the paused frame again. */
export const refreshTensors: Command = {
  id: 'refreshTensors',
  run: async ({ debugging }) => (await debugging.load()).tensors.look(),
};

/** The view as text, to paste into a report. @returns what was copied */
export const copyTensors: Command = {
  id: 'copyTensors',
  run: async ({ debugging }) => {
    const text = await (await debugging.load()).tensorsText();
    await vscode.env.clipboard.writeText(text);
    return text;
  },
};

/**
 * Reads what the active inspection shows, however large it is and however long it takes.
 * @returns what the user was told instead of being shown it
 */
export const liftDebugLimits: Command = {
  id: 'liftDebugLimits',
  run: async ({ debugging, inspections }) => {
    const session = inspections.active;
    if (!session) return undefined;
    await debugging.lift(session.source);
    await session.refresh();
    await session.settled();
    return toldBy(session.state);
  },
};
