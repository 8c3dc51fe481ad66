// @ts-check
// The browser that shows the workbench: the system's Chromium, driven by playwright-core.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runChild } from './children.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What to tell a person who has no browser. */
export const browserMissing =
  'No Chromium was found: install the package `chromium` (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM_PATH.';

/**
 * @returns {string | undefined} the browser's path: CHROMIUM_PATH, else the first known name on PATH
 */
export function findBrowser() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') return existsSync(chosen) ? chosen : undefined;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = names.flatMap(name => folders.map(folder => path.join(folder, name)));
  return [...candidates, ...macs].find(candidate => existsSync(candidate));
}

/**
 * Finds the browser, or installs Debian's where this process may.
 * @returns {Promise<string | undefined>}
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return found;
  console.log('Installing chromium with apt-get …');
  const options = ['-o', 'DPkg::Lock::Timeout=600', '-qq'];
  /** @type {import('node:child_process').SpawnOptions} */
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  await runChild('apt-get', [...options, 'update'], quiet);
  const packages = ['chromium', 'fonts-dejavu-core'];
  await runChild(
    'apt-get',
    [...options, 'install', '-y', '--no-install-recommends', ...packages],
    quiet,
  );
  return findBrowser();
}

/** Flags for a browser that runs as root in a container and speaks to nobody but the server. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--metrics-recording-only',
];

/**
 * @param {{ headless?: boolean }} [options]
 * @returns {Promise<import('playwright-core').Browser>}
 * @throws `browserMissing`
 */
export async function launchBrowser(options = {}) {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(browserMissing);
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    headless: options.headless ?? true,
    args: browserFlags,
  });
}
