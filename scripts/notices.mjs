// @ts-check
// Third-party licence notices: of the packages whose code esbuild put into dist/, and of no others.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const standardTexts = new URL('./licences/', import.meta.url);

/** Authors of packages that bring no licence file and name nobody in their manifest. */
const knownAuthors = new Map([
  ['@tensorflow/tfjs-core', 'Google LLC'],
  ['@tensorflow/tfjs-backend-cpu', 'Google LLC'],
]);

/**
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression
 * @property {string} text
 */

/**
 * @param {string} root the project
 * @param {readonly string[]} inputs source files that were bundled, relative to the project
 * @returns {string} the notices, one section a package, by name
 * @throws where a package's licence text cannot be found
 */
export function thirdPartyNotices(root, inputs) {
  const folders = new Set(inputs.map(packageFolder).filter(folder => folder !== undefined));
  const packages = [...folders].map(folder => readPackage(path.join(root, folder)));
  packages.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version));
  const sections = packages.map(
    one => `${one.name} ${one.version} (${one.licence})\n\n${one.text.trim()}\n`,
  );
  const rule = `\n${'-'.repeat(78)}\n\n`;
  const opening = 'Normscope contains code of the following packages, under their own licences.\n';
  return [opening, ...sections].join(rule);
}

/**
 * @param {string} input
 * @returns {string | undefined} `node_modules/…/name`, the innermost
 */
function packageFolder(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/**
 * @param {string} folder
 * @returns {BundledPackage}
 */
function readPackage(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license: licence } = manifest;
  return { name, version, licence, text: licenceText(folder, manifest) };
}

/**
 * @param {string} folder
 * @param {{ name: string, license: string, author?: string | { name: string } }} manifest
 */
function licenceText(folder, manifest) {
  const files = readdirSync(folder).filter(file =>
    /^(licen[cs]e|copying|notices?)(\.|$)/i.test(file),
  );
  if (files.length > 0) {
    return files.map(file => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  }
  const standard = new URL(`${manifest.license}.txt`, standardTexts);
  const author =
    (typeof manifest.author === 'object' ? manifest.author.name : manifest.author) ??
    knownAuthors.get(manifest.name);
  if (!existsSync(standard) || author === undefined) {
    throw new Error(
      `${manifest.name} brings no licence text: add scripts/licences/${manifest.license}.txt or its author to scripts/notices.mjs`,
    );
  }
  return `Copyright (c) ${author}\n\n${readFileSync(standard, 'utf8')}`;
}
