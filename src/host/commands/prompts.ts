import * as vscode from 'vscode';
import { despiteStolenFocus } from './stolenFocus';

/** One message at a time, without a modal; nobody waits for it to be closed. */
export function say(message: string): Promise<void> {
  void vscode.window.showWarningMessage(message);
  return Promise.resolve();
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
  readonly current?: boolean;
  /** Heading above the first of several choices with the same one. */
  readonly group?: string;
}

/** @returns undefined where the user left it */
export async function choose<T>(
  title: string,
  choices: readonly Choice<T>[],
  placeholder = '',
): Promise<T | undefined> {
  const items = choices.flatMap((choice, i) => {
    const description = [choice.current === true ? 'current' : '', choice.description ?? ''];
    const item = { ...choice, description: description.filter(part => part !== '').join(' · ') };
    const { group = '' } = choice;
    return group === (choices[i - 1]?.group ?? '') ? [item] : [heading(group), item];
  });
  const options = {
    title,
    placeHolder: placeholder,
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const picked = await despiteStolenFocus(() => vscode.window.showQuickPick(items, options));
  return picked && 'value' in picked ? picked.value : undefined;
}

function heading(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

export interface TextQuestion<T> {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  /** The answer, or what is wrong with it. */
  readonly parse: (text: string) => { readonly value: T } | { readonly problem: string };
}

/** Asks until the answer is one, or the user leaves. */
export async function ask<T>(question: TextQuestion<T>): Promise<T | undefined> {
  const { title, prompt, value, parse } = question;
  const options = {
    title,
    prompt,
    value,
    validateInput: (answer: string) => {
      const parsed = parse(answer);
      return 'problem' in parsed ? parsed.problem : undefined;
    },
  };
  const text = await despiteStolenFocus(() => vscode.window.showInputBox(options));
  if (text === undefined) return undefined;
  const parsed = parse(text);
  return 'value' in parsed ? parsed.value : undefined;
}
