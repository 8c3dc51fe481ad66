import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startChild, stopChild } from '../../hosts/children.mjs';

/**
 * A program that answers each line with one line of JSON: rounds ask several of them in turn, while
 * each keeps its tensors warm.
 */
export class LineChild {
  private readonly waiting: ((line: string | undefined) => void)[] = [];
  private ended = false;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    if (child.stdout === null) throw new Error('the child has no output');
    createInterface({ input: child.stdout }).on('line', line => this.waiting.shift()?.(line));
    child.once('error', () => this.end());
    child.once('exit', () => this.end());
  }

  static start(
    name: string,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): LineChild {
    const child = startChild(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    return new LineChild(name, child);
  }

  async ask<T>(...words: readonly (string | number)[]): Promise<T> {
    const answer = new Promise<string | undefined>(resolve => {
      if (this.ended) resolve(undefined);
      else this.waiting.push(resolve);
    });
    this.child.stdin?.write(`${words.join(' ')}\n`);
    const line = await answer;
    if (line === undefined) throw new Error(`${this.name} ended at “${words.join(' ')}”`);
    return JSON.parse(line) as T;
  }

  stop(): Promise<void> {
    return stopChild(this.child);
  }

  private end(): void {
    this.ended = true;
    for (const resolve of this.waiting.splice(0)) resolve(undefined);
  }
}
