// @ts-check
// Installs this project's packages where they are missing or older than the lock file. Node built-ins only.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';
import { root } from './places.mjs';

/** @returns {Promise<void>} @throws where the registry cannot be reached or Node is too old */
export async function ensureDependencies() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Error(`Node 20 or newer is needed; this is ${process.version}.`);
  if (areInstalled()) return;
  console.log('Installing packages from the npm registry …');
  await npm(['ci', '--ignore-scripts'], root);
}

/** @typedef {Record<string, { version: string, optional?: boolean, devOptional?: boolean }>} Packages */

/** Whether every package of the lock file is there in its version, by npm's own record of what it installed. */
function areInstalled() {
  const record = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readPackages(record);
  return Object.entries(readPackages(path.join(root, 'package-lock.json'))).every(
    ([folder, { version, optional, devOptional }]) =>
      folder === '' || optional || devOptional || installed[folder]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {Packages}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
