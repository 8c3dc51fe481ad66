import { batchedPort } from '../src/protocol/batchedPort';
import { jsonSafePort } from '../src/protocol/jsonSafePort';
import type { Port } from '../src/protocol/rpc';

/** What VS Code gives a webview, once. */
interface VsCodeApi {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Connection {
  readonly port: Port;
  readonly readState: () => unknown;
  readonly writeState: (state: unknown) => void;
}

/** Takes the one handle there is; the page keeps it to itself. */
export function connect(): Connection {
  const vscode = acquireVsCodeApi();
  const bare: Port = {
    post: (message, transfer) => vscode.postMessage(message, transfer),
    listen: listener => {
      const receive = (event: MessageEvent<unknown>): void => listener(event.data);
      window.addEventListener('message', receive);
      return () => window.removeEventListener('message', receive);
    },
  };
  return {
    // A microtask comes after the render that an event asked for, and what that render asks the host for.
    port: jsonSafePort(batchedPort(bare, queueMicrotask)),
    readState: () => vscode.getState(),
    writeState: state => vscode.setState(state),
  };
}
