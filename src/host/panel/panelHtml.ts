import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The only folders the page may load from. */
export function panelResourceRoots(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, 'dist', 'webview')];
}

/**
 * The page: one script, one style sheet, and a policy that allows nothing else.
 * @param page the name of its script and its style sheet
 */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, page = 'panel'): string {
  const [root] = panelResourceRoots(extension);
  const address = (file: string): string =>
    root ? webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString() : '';
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} data:`,
    // The controls' library looks for the nonce in the head before it adds a style sheet.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    // Scripts that the entry imports carry its nonce on.
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <link rel="stylesheet" href="${address(`${page}.css`)}" />
    <title>Normscope</title>
  </head>
  <body>
    <main id="panel"></main>
    <script type="module" nonce="${nonce}" src="${address(`${page}.js`)}"></script>
  </body>
</html>
`;
}
