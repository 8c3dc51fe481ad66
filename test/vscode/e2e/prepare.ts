import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { browserMissing, ensureBrowser } from '../../hosts/browser.mjs';
import { installServer } from '../../hosts/install.mjs';
import { root } from '../../hosts/places.mjs';

/** Before all end-to-end tests: what they run on is there, or one line says what is not. */
export async function setup(): Promise<void> {
  if (!existsSync(join(root, 'dist/extension.js'))) {
    throw new Error('dist/ is not built: run npm run build');
  }
  if ((await ensureBrowser()) === undefined) throw new Error(browserMissing);
  await installServer();
}
