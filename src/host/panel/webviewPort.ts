import type * as vscode from 'vscode';
import { batchedPort } from '../../protocol/batchedPort';
import { jsonSafePort } from '../../protocol/jsonSafePort';
import type { Port } from '../../protocol/rpc';

/**
 * A webview's messages as a port. Buffers inside a message travel as bytes, the rest as JSON, for which
 * NaN and the infinities are made safe.
 */
export function webviewPort(webview: vscode.Webview): Port {
  const bare: Port = {
    post: message => void webview.postMessage(message),
    listen: listener => {
      const listening = webview.onDidReceiveMessage(listener);
      return () => void listening.dispose();
    },
  };
  // The engine's answers to one picture arrive in tasks of their own, right behind each other.
  return jsonSafePort(batchedPort(bare, setImmediate));
}
