import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pageFolder } from './build';
import themes from './themes.json';

export type Theme = keyof typeof themes;
export const themeNames = Object.keys(themes) as Theme[];

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
};

/** As VS Code names them in `data-vscode-theme-kind` and in the body's class. */
const bodyClasses: Readonly<Record<Theme, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  'high-contrast': 'vscode-high-contrast',
  'high-contrast-light': 'vscode-high-contrast-light vscode-high-contrast',
};

/** The fonts that VS Code passes to webviews, with what Debian has. */
const fonts = `--vscode-font-family: "DejaVu Sans", system-ui, sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal;
  --vscode-editor-font-family: "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 13px;`;

function themeCss(theme: Theme): string {
  const colours = Object.entries(themes[theme]).map(([name, value]) => `${name}: ${value};`);
  return `html { ${fonts} ${colours.join(' ')} color-scheme: ${theme.endsWith('light') ? 'light' : 'dark'}; }
  /* VS Code's own style for webviews. */
  body { padding: 0 20px; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size); background-color: var(--vscode-editor-background); }
  code { font-family: var(--vscode-editor-font-family); background-color: var(--vscode-textPreformat-background); }`;
}

/** The page as the host writes it, with the strict policy, plus the theme and the host side. */
function pageHtml(theme: Theme, page: string, nonce: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8" />
<meta property="csp-nonce" content="${nonce}" />
<link rel="stylesheet" href="/theme/${theme}.css" /><link rel="stylesheet" href="/${page}.css" /></head>
<body class="${bodyClasses[theme]}" data-vscode-theme-kind="vscode-${theme}"><main id="panel"></main>
<script nonce="${nonce}" src="/${page}-host.js"></script>
<script type="module" nonce="${nonce}" src="/${page}.js"></script></body></html>`;
}

export interface PageServer {
  readonly address: (query: Readonly<Record<string, string>>) => string;
  readonly close: () => void;
}

/** Serves the page on 127.0.0.1 under the policy of a VS Code webview. */
export async function servePage(): Promise<PageServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const send = (body: string | Buffer, type: string, headers = {}): void => {
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    };
    const theme = (url.searchParams.get('theme') ?? 'dark') as Theme;
    if (url.pathname === '/favicon.ico') response.writeHead(204).end();
    else if (url.pathname === '/') {
      const nonce = 'bm9uY2Utb2YtdGhlLXRlc3Q=';
      const policy = [
        "default-src 'none'",
        "img-src 'self' data:",
        `style-src 'self' 'nonce-${nonce}'`,
        "font-src 'self'",
        `script-src 'nonce-${nonce}'`,
      ].join('; ');
      send(pageHtml(theme, url.searchParams.get('page') ?? 'panel', nonce), types['.html'] ?? '', {
        'content-security-policy': policy,
      });
    } else if (url.pathname.startsWith('/theme/')) {
      send(themeCss(path.basename(url.pathname, '.css') as Theme), 'text/css');
    } else {
      readFile(path.join(pageFolder, path.basename(url.pathname))).then(
        body => send(body, types[path.extname(url.pathname)] ?? 'text/plain'),
        () => response.writeHead(404).end(),
      );
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: query => `http://127.0.0.1:${port}/?${new URLSearchParams(query).toString()}`,
    close: () => server.close(),
  };
}
