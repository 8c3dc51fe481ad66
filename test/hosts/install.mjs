// @ts-check
// Installs the VS Code server from the npm registry into .hosts/server-<hash of its lock file>, once.
// Uses only Node built-ins: `npm start` imports it before any dependency is there.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';
import { hosts, root } from './places.mjs';

const manifest = path.join(root, 'test/hosts/vscode-server');

/**
 * @typedef {object} ServerFiles
 * @property {string} node a Node that the server runs on
 * @property {string} main the server's entry
 */

/**
 * Makes sure that the VS Code server is installed.
 * @returns {Promise<ServerFiles>}
 * @throws where the registry cannot be reached or this platform has no packaged Node 24
 */
export async function installServer() {
  const lock = readFileSync(path.join(manifest, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const folder = path.join(hosts, `server-${hash}`);
  if (!existsSync(path.join(folder, 'installed'))) await install(folder);
  installLogger(folder);
  return {
    node: serverNode(folder),
    main: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/** @param {string} folder */
async function install(folder) {
  console.log('Installing the VS Code server from the npm registry (once, about 800 MB on disk) …');
  // Another run may be installing as well: each works in its own folder, and the first to finish wins.
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(manifest, work, { recursive: true });
  await npm(['ci', '--ignore-scripts'], work);
  // The inner packages come with a shrinkwrap that `npm ci` finds incomplete; `npm install` follows it and fills the gap.
  const inner = path.join(work, 'node_modules/code-server/lib/vscode');
  await npm(['install', '--ignore-scripts', '--omit=dev', '--no-save'], inner);
  writeFileSync(path.join(work, 'installed'), '');
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(path.join(folder, 'installed'))) throw error;
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * VS Code's logs need a native module, which is not compiled here: where it is missing, plain JavaScript takes its place.
 * @param {string} folder
 */
function installLogger(folder) {
  const native = path.join(
    folder,
    'node_modules/code-server/lib/vscode/node_modules/@vscode/spdlog',
  );
  if (existsSync(path.join(native, 'build'))) return;
  const ours = readFileSync(path.join(manifest, 'spdlog.cjs'), 'utf8');
  const entry = path.join(native, 'index.js');
  if (readFileSync(entry, 'utf8') === ours) return;
  // A server may be starting meanwhile: it finds the old file or the new one.
  writeFileSync(`${entry}.${process.pid}`, ours);
  renameSync(`${entry}.${process.pid}`, entry);
}

/**
 * The server needs Node 24: the packaged one, or this one where it is new enough.
 * @param {string} folder
 */
function serverNode(folder) {
  const packaged = `node_modules/node-${process.platform}-${process.arch}/bin/node`;
  const binary = path.join(folder, packaged);
  if (existsSync(binary)) return binary;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `The VS Code server needs Node 24, and no npm package brings one for ${process.platform}-${process.arch}: run this with Node 24.`,
  );
}
