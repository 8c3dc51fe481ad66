import type * as vscode from 'vscode';

// The host's side, which is Node.js otherwise, is in this page too.
Object.assign(globalThis, { setImmediate: (run: () => void) => setTimeout(run, 0) });

declare global {
  interface Window {
    acquireVsCodeApi: () => unknown;
  }
}

/** What VS Code makes of a webview message: JSON, with the typed arrays carried beside it. */
function asCarried(message: unknown): unknown {
  const buffers: unknown[] = [];
  const json = JSON.stringify(message, (_, value: unknown) => {
    if (!(value instanceof ArrayBuffer) && !ArrayBuffer.isView(value)) return value;
    buffers.push(structuredClone(value));
    return { $buffer: buffers.length - 1 };
  });
  return JSON.parse(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && '$buffer' in value
      ? buffers[value.$buffer as number]
      : value,
  );
}

/** The webview as the host holds it, over messages inside this page. */
export interface OpenedWebview {
  readonly panel: vscode.WebviewPanel;
  /** Messages from the page, as they were carried. */
  readonly posted: unknown[];
}

/** Gives the page its VS Code API; `delay` of the address is how long a message takes each way, in milliseconds. */
export function openWebview(): OpenedWebview {
  const delay = Number(new URLSearchParams(location.search).get('delay') ?? '0');
  const deliver = (action: () => void): void => void setTimeout(action, delay);
  const posted: unknown[] = [];
  let listener: (message: unknown) => void = () => undefined;
  let acquired = false;
  window.acquireVsCodeApi = () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return {
      postMessage: (message: unknown) => {
        const carried = asCarried(message);
        posted.push(carried);
        deliver(() => listener(carried));
      },
      getState: (): unknown => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
      setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
    };
  };
  const panel = {
    visible: true,
    onDidChangeViewState: () => ({ dispose: () => undefined }),
    webview: {
      postMessage: (message: unknown) => {
        const data = asCarried(message);
        deliver(() => window.dispatchEvent(new MessageEvent('message', { data })));
        return Promise.resolve(true);
      },
      onDidReceiveMessage: (receive: (message: unknown) => void) => {
        listener = receive;
        return { dispose: () => undefined };
      },
    },
  } as unknown as vscode.WebviewPanel;
  return { panel, posted };
}
