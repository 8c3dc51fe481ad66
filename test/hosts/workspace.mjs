// @ts-check
// A workspace that may be written to: a copy of the samples.
import { cpSync } from 'node:fs';
import { samples, temporaryFolder } from './places.mjs';

/**
 * @param {string} name what it is for
 * @returns {string} a temporary folder holding every sample
 */
export function copySamples(name) {
  const folder = temporaryFolder(name);
  cpSync(samples, folder, { recursive: true });
  return folder;
}
