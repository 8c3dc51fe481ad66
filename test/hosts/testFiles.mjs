// @ts-check
import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Finds every test file below a folder.
 * @param {string} folder
 * @returns {string[]} absolute paths, sorted
 */
export function testFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.ts'))
    .map(name => path.join(folder, name))
    .sort();
}
