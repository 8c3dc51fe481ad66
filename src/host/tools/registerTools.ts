import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../lifecycle';
import { languageModels } from './languageModels';
import { toolNames } from './toolNames';
import type { Tools } from './tools';

/** Offers the tools to language models, where this VS Code has such; what they do is loaded by the first call. */
export function registerTools(extension: vscode.Uri): Disposable {
  const store = new DisposableStore();
  const api = languageModels(vscode);
  if (api === undefined) return store;
  let loaded: Promise<Tools> | undefined;
  const load = (): Promise<Tools> =>
    (loaded ??= import('./tools').then(({ createTools }) => createTools(extension)));
  for (const name of toolNames) {
    store.add(
      api.registerTool(name, {
        invoke: async (call, token) =>
          api.textResult(await (await load()).invoke(name, call, token)),
        prepareInvocation: async call => (await load()).prepare(name, call),
      }),
    );
  }
  return store;
}
