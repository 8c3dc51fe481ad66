// @ts-check
// Starts the real VS Code server on 127.0.0.1 and says where it is. See docs/ARCHITECTURE.md, "Real parts in tests".
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runChild, startChild, stopChild } from './children.mjs';
import { installServer } from './install.mjs';
import { hosts, temporaryFolder } from './places.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} [token] what the address must carry; absent: anyone on this machine may connect (tests only)
 * @property {boolean} [trust] ask whether the workspace is trusted, as people's VS Code does; absent: everything is trusted
 * @property {boolean} [development] accept extensions under development and test suites from the address
 * @property {Record<string, unknown>} [settings] the user's settings, over `quietSettings`
 * @property {string} [dataFolder] kept between runs; absent: a temporary one
 * @property {NodeJS.ProcessEnv} [env] over this process's
 */

/**
 * @typedef {object} Server
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {string} authority `127.0.0.1:PORT`
 * @property {string} logFile
 * @property {(settings: Record<string, unknown>) => void} writeSettings replaces the user's settings, over `quietSettings`
 * @property {(query?: Record<string, string>) => string} address the workbench, with the token where there is one
 * @property {() => Promise<void>} stop
 */

/** A window without greetings, suggestions and look-ups: what is on screen is the extension's. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'git.enabled': false,
};

/**
 * Starts a server; it ends with this process at the latest.
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 * @throws where the server did not come up within 30 s; the message holds the end of its log
 */
export async function startServer(options = {}) {
  const files = await installServer();
  const data = options.dataFolder ?? temporaryFolder('server');
  mkdirSync(extensionsFolder(data), { recursive: true });
  const writeSettings = settingsWriter(data);
  writeSettings(options.settings ?? {});
  const child = startChild(files.node, serverArguments(files.main, data, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    // An inherited parent id would make the server wait for messages from it.
    env: { ...process.env, CODE_SERVER_PARENT_PID: '', ...options.env },
  });
  const logFile = path.join(hosts, 'logs', `server-${process.pid}-${child.pid}.log`);
  const port = await listening(child, logFile);
  const authority = `127.0.0.1:${port}`;
  return {
    origin: `http://${authority}`,
    authority,
    logFile,
    writeSettings,
    address: (query = {}) => {
      const token = options.token === undefined ? {} : { tkn: options.token };
      return `http://${authority}/?${new URLSearchParams({ ...token, ...query })}`;
    },
    stop: () => stopChild(child),
  };
}

/**
 * @param {string} dataFolder
 * @returns {string} where a server with this data folder looks for extensions
 */
export function extensionsFolder(dataFolder) {
  return path.join(dataFolder, 'extensions');
}

/**
 * Installs a package as a person does, with the server's own command.
 * @param {string} vsix
 * @param {string} dataFolder of the server that is started next
 * @throws where VS Code refuses the package
 */
export async function installVsix(vsix, dataFolder) {
  const files = await installServer();
  const folders = [
    '--server-data-dir',
    dataFolder,
    '--extensions-dir',
    extensionsFolder(dataFolder),
  ];
  const status = await runChild(files.node, [files.main, '--install-extension', vsix, ...folders], {
    env: { ...process.env, CODE_SERVER_PARENT_PID: '' },
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}`);
}

/**
 * @param {string} main
 * @param {string} data
 * @param {ServerOptions} options
 */
function serverArguments(main, data, options) {
  const token =
    options.token === undefined
      ? ['--without-connection-token']
      : ['--connection-token', options.token];
  return [
    main,
    ...['--host', '127.0.0.1', '--port', '0'],
    ...token,
    '--accept-server-license-terms',
    ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ...['--server-data-dir', data, '--extensions-dir', extensionsFolder(data)],
    ...['--telemetry-level', 'off', '--disable-experiments'],
    ...(options.trust ? [] : ['--disable-workspace-trust']),
  ];
}

/**
 * @param {string} data
 * @returns {Server['writeSettings']}
 */
function settingsWriter(data) {
  const folder = path.join(data, 'data/User');
  mkdirSync(folder, { recursive: true });
  return settings => {
    const text = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
    writeFileSync(path.join(folder, 'settings.json'), text);
  };
}

/**
 * Waits for the port that the server chose (it is asked for port 0, so no two runs can collide).
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} logFile
 * @returns {Promise<number>}
 */
function listening(child, logFile) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  let text = '';
  return new Promise((resolve, reject) => {
    /** @param {string} why */
    const fail = why =>
      reject(new Error(`The VS Code server ${why}. The end of ${logFile}:\n${text.slice(-2_000)}`));
    const timer = setTimeout(() => {
      void stopChild(child);
      fail('did not start within 30 s');
    }, 30_000);
    /** @param {Buffer} chunk */
    const read = chunk => {
      log.write(chunk);
      // Only the start matters for the port, and only the end for an error.
      text = (text + chunk.toString()).slice(-20_000);
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', error => fail(`could not be started (${error.message})`));
    child.once('exit', code => {
      clearTimeout(timer);
      log.end();
      fail(`ended with status ${code}`);
    });
  });
}
