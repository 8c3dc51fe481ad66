import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { createEngineClient, type EngineClient } from '../engine/client';
import { readVirtualFile } from './files/workspacePlaces';
import { DisposableStore, type Disposable } from './lifecycle';

/** The engine in its thread: started at the first request, and anew at the first one after it has ended. */
export interface EngineConnection extends Disposable {
  readonly client: () => EngineClient;
}

export function connectEngine(
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
): EngineConnection {
  const store = new DisposableStore();
  const file = vscode.Uri.joinPath(extension, 'dist', 'engine.js').fsPath;
  const client = createEngineClient({
    start: () => {
      log.info('Starting the engine.');
      return new Worker(file);
    },
    log: text => log.warn(text),
    readFile: readVirtualFile,
    onIdle: () => log.info('The engine was idle and has ended; the next request starts it again.'),
  });
  store.onDispose(() => void client.dispose());
  store.onDispose(client.onCrash(problem => void report(problem.message, log)));
  return { client: () => client, dispose: () => store.dispose() };
}

/** Once a crash: what was under way is done again by whoever asked for it. */
async function report(message: string, log: vscode.LogOutputChannel): Promise<void> {
  log.error(message);
  const show = 'Show Log';
  const answer = await vscode.window.showErrorMessage(message, show);
  if (answer === show) log.show(true);
}
