import type * as vscode from 'vscode';
import { jsonSafePort } from '../../protocol/jsonSafePort';
import type { Port } from '../../protocol/rpc';

/**
 * A webview's messages as a port. Buffers inside a message travel as bytes, the rest as JSON, for which
 * NaN and the infinities are made safe.
 */
export function webviewPort(webview: vscode.Webview): Port {
  return jsonSafePort({
    post: message => void webview.postMessage(message),
    listen: listener => {
      const listening = webview.onDidReceiveMessage(listener);
      return () => void listening.dispose();
    },
  });
}
