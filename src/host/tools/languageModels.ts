import type { MarkdownString } from 'vscode';
import { isRecord } from '../guards';
import type { Disposable } from '../lifecycle';

/**
 * What VS Code has for language-model tools since 1.95, as far as it is used: the oldest version that is
 * supported (`engines.vscode`) and its types know nothing of it.
 */
export interface LanguageModels {
  readonly registerTool: (name: string, tool: RegisteredTool) => Disposable;
  /** What a tool answers, made of one text. */
  readonly textResult: (text: string) => unknown;
}

export interface RegisteredTool {
  readonly invoke: (call: ToolInvocation, token: Cancellation) => Promise<unknown>;
  readonly prepareInvocation: (call: ToolInvocation) => Promise<Prepared>;
}

export interface ToolInvocation {
  /** As the model wrote it; VS Code does not hold it to the schema. */
  readonly input: unknown;
  /** How much of an answer the model has room for; absent where nobody says. */
  readonly tokenizationOptions?: { readonly tokenBudget: number };
}

/** What is shown while a tool runs, and asked before it does. */
export interface Prepared {
  readonly invocationMessage?: string;
  readonly confirmationMessages?: { readonly title: string; readonly message: MarkdownString };
}

export interface Cancellation {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: (listener: () => void) => Disposable;
}

type Constructor = new (argument: unknown) => unknown;

/** @returns undefined where this version of VS Code has no tools */
export function languageModels(vscode: object): LanguageModels | undefined {
  const lm: unknown = Reflect.get(vscode, 'lm');
  const Part: unknown = Reflect.get(vscode, 'LanguageModelTextPart');
  const Answer: unknown = Reflect.get(vscode, 'LanguageModelToolResult');
  if (!isRecord(lm) || !isConstructor(Part) || !isConstructor(Answer)) return undefined;
  const { registerTool } = lm;
  if (!isRegisterTool(registerTool)) return undefined;
  return { registerTool, textResult: text => new Answer([new Part(text)]) };
}

function isConstructor(value: unknown): value is Constructor {
  return typeof value === 'function';
}

function isRegisterTool(value: unknown): value is LanguageModels['registerTool'] {
  return typeof value === 'function';
}
