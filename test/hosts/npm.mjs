// @ts-check
import { runChild } from './children.mjs';

/**
 * Runs npm quietly.
 * @param {string[]} args
 * @param {string} cwd
 * @throws where npm fails; its own error is on the terminal by then
 */
export async function npm(args, cwd) {
  const windows = process.platform === 'win32';
  const quiet = ['--no-fund', '--no-audit', '--loglevel=error'];
  const status = await runChild(windows ? 'npm.cmd' : 'npm', [...args, ...quiet], {
    cwd,
    shell: windows,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}: is a registry reachable?`);
}
