import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../core/problem';
import { isAborted } from '../lifecycle';
import { BoundedText } from './boundedText';
import type { CommandLine } from './languageTool';

/** How an answer is bounded. */
export interface AnswerBounds {
  /** Characters. */
  readonly limit: number;
  /** How to see the rest. */
  readonly more: string;
}

/**
 * Runs a command line of `normscope` in a thread of its own, which ends with it: what it says is what the same
 * line says in a shell, and the extension host is free meanwhile.
 * @param program the path of `dist/cli.js`
 * @returns what it printed; a problem where it refused, was cancelled, or ended otherwise
 */
export async function runCommandLine(
  program: string,
  { args, input }: CommandLine,
  { limit, more }: AnswerBounds,
  signal: AbortSignal,
): Promise<Result<string>> {
  if (isAborted(signal)) return cancelled;
  const worker = new Worker(program, {
    argv: [...args],
    stdin: input !== undefined,
    stdout: true,
    stderr: true,
  });
  const said = new BoundedText(limit);
  const complaints = new BoundedText(limit);
  worker.stdout.setEncoding('utf8').on('data', (piece: string) => said.add(piece));
  worker.stderr.setEncoding('utf8').on('data', (piece: string) => complaints.add(piece));
  worker.stdin?.end(input);
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop);
  try {
    const ended = await ending(worker);
    if (isAborted(signal)) return cancelled;
    if (!ended.ok) return ended;
    const notes = complaints.finish('').replace(/^normscope: /gm, '');
    // 1 says that something is wrong with what was examined, which is an answer.
    if (ended.value > 1) return fail('command-refused', asToolInput(notes));
    const text = said.finish(more);
    return ok(notes === '' ? text : `${notes}\n\n${text}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const cancelled = fail('cancelled', 'The call was cancelled.');

/** Resolves when the thread has ended and all it printed has arrived. */
async function ending(worker: Worker): Promise<Result<number>> {
  let failed: Error | undefined;
  worker.on('error', error => (failed = error));
  const drained = [worker.stdout, worker.stderr].map(
    stream => new Promise(resolve => stream.on('close', resolve)),
  );
  const code = await new Promise<number>(resolve => worker.on('exit', resolve));
  await Promise.all(drained);
  if (failed === undefined) return ok(code);
  const what = failed.message.split('\n', 1)[0] ?? '';
  return fail('command-failed', `Normscope could not finish (${what}): name less of the file.`);
}

/** A refusal speaks of options, which are properties here. */
export function asToolInput(message: string): string {
  return message.replace(/(?<![\w-])--(?:no-)?([a-z]+)\b/g, '"$1"');
}
