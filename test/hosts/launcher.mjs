#!/usr/bin/env node
// @ts-check
// Makes the VS Code server and headless Chromium look like a VS Code executable, so that `@vscode/test-electron`'s runTests
// starts them as it starts a desktop VS Code: it reads the same arguments, runs the suite, and exits with the suite's code.
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { installExtension } from './extensionFolder.mjs';
import { out, removeFolder, root, temporaryFolder } from './places.mjs';
import { extensionsFolder, startServer } from './server.mjs';

const limit = 15 * 60_000;

/** What test/vscode/index.ts puts before each of its lines. */
const suiteMark = '[suite] ';

/** @param {string} name */
function argument(name) {
  const prefix = `--${name}=`;
  return process.argv.find(value => value.startsWith(prefix))?.slice(prefix.length);
}

/** @param {string} authority */
function payload(authority) {
  const remote = (/** @type {string | undefined} */ file) => `vscode-remote://${authority}${file}`;
  return JSON.stringify([
    ['extensionDevelopmentPath', remote(argument('extensionDevelopmentPath'))],
    ['extensionTestsPath', remote(argument('extensionTestsPath'))],
    ['skipWelcome', 'true'],
  ]);
}

/** @returns {string} the folder to open: the first argument that is no option, as for the desktop's `code` */
function workspace() {
  const given = process.argv.slice(2).find(value => !value.startsWith('-'));
  return given === undefined ? temporaryFolder('workspace') : path.resolve(given);
}

/**
 * The suite's lines go to the terminal; the workbench's own chatter (services that a test server lacks) to a file.
 * @param {string} logFile
 * @returns {(type: string, values: unknown[]) => void}
 */
function consoleWriter(logFile) {
  const log = createWriteStream(logFile);
  return (type, values) => {
    const text = values
      .map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join(' ');
    if (text.startsWith(suiteMark)) console.log(text.slice(suiteMark.length));
    else log.write(`${type}: ${text}\n`);
  };
}

/** @returns {Promise<number>} the suite's exit code */
async function runSuite() {
  const dataFolder = temporaryFolder('server');
  // Debuggers of Python come with an extension; this one is Debian's, for tests.
  installExtension(path.join(root, 'test/hosts/debugpy'), extensionsFolder(dataFolder));
  installExtension(path.join(root, 'test/hosts/jupyter'), extensionsFolder(dataFolder));
  const server = await startServer({ development: true, dataFolder });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const consoleFile = server.logFile.replace('server-', 'console-');
  await page.exposeFunction('codeAutomationLog', consoleWriter(consoleFile));
  const ended = new Promise(resolve => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.goto(server.address({ folder: workspace(), payload: payload(server.authority) }));
  const timeout = new Promise(resolve => setTimeout(resolve, limit, undefined));
  const code = await Promise.race([ended, timeout]);
  if (typeof code !== 'number') {
    const picture = path.join(out, 'failures/suite-timeout.png');
    mkdirSync(path.dirname(picture), { recursive: true });
    await page.screenshot({ path: picture });
    console.error(`The suite did not end within ${limit / 60_000} minutes: see ${picture}`);
  }
  if (code !== 0)
    console.error(`The window's console: ${consoleFile}; the server's log: ${server.logFile}`);
  await browser.close();
  await server.stop();
  return typeof code === 'number' ? code : 1;
}

// runTests makes a profile folder for a desktop VS Code, which is not needed here.
const profile = argument('user-data-dir');
if (profile?.includes('.vscode-test')) process.once('exit', () => removeFolder(profile));

runSuite().then(
  code => process.exit(code),
  error => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
