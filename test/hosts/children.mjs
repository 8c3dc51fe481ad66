// @ts-check
// Child processes that never outlive this one: each leads its own process group, which is killed on exit, failure and signals.
import { spawn } from 'node:child_process';

/**
 * @typedef {object} Grace
 * @property {number} [grace] milliseconds between asking a child to end and killing it when this process exits:
 *   long enough for a script of ours to end its own children first. Default 100
 */

/** @type {Map<import('node:child_process').ChildProcess, number>} */
const running = new Map();
const posix = process.platform !== 'win32';

/**
 * Starts a program whose whole process group ends with this process.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & Grace} [options]
 */
export function startChild(command, args, options = {}) {
  const { grace = 100, ...spawnOptions } = options;
  const child = spawn(command, [...args], { ...spawnOptions, detached: posix });
  running.set(child, grace);
  child.once('exit', () => {
    // Grandchildren (extension hosts, renderers) may still be there.
    killGroup(child, 'SIGKILL');
    running.delete(child);
  });
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * Ends a child and everything it started: asks first, insists after two seconds.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>}
 */
export async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  killGroup(child, 'SIGTERM');
  const insist = setTimeout(() => killGroup(child, 'SIGKILL'), 2_000);
  await gone;
  clearTimeout(insist);
}

/**
 * Runs a program to its end with inherited output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & Grace} [options]
 * @returns {Promise<number>} its exit status; 1 where a signal or a missing program ended it
 */
export function runChild(command, args, options = {}) {
  const child = startChild(command, args, { stdio: 'inherit', ...options });
  return new Promise(resolve => {
    child.once('error', error => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', code => resolve(code ?? 1));
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // Already gone.
  }
}

/** Exit handlers cannot await, so the wait blocks: nothing else is left to do. */
function killAll() {
  if (running.size === 0) return;
  for (const child of running.keys()) killGroup(child, 'SIGTERM');
  const longest = Math.max(...running.values());
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, longest);
  for (const child of running.keys()) killGroup(child, 'SIGKILL');
}

process.once('exit', killAll);
for (const [signal, status] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  // process.exit runs the exit handlers: folders are removed and children killed.
  process.once(signal, () => process.exit(status));
}
