import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, type ExitStatus } from '../../../src/cli/main';

/** What a command line came to. */
export interface Outcome {
  readonly status: ExitStatus;
  readonly out: string;
  /** Lines of standard error. */
  readonly complaints: readonly string[];
}

/** Runs a command line in this process. */
export async function runCli(args: readonly string[], input = ''): Promise<Outcome> {
  let out = '';
  const complaints: string[] = [];
  const status = await main(args, {
    write: text => {
      out += text;
      return Promise.resolve(true);
    },
    complain: line => void complaints.push(line),
    readInput: () => Promise.resolve(new TextEncoder().encode(input)),
  });
  return { status, out, complaints };
}

/** The JSON that a command prints; fails the test where it fails. */
export async function runJson<T>(args: readonly string[], input = ''): Promise<T> {
  const { status, out, complaints } = await runCli([...args, '--json'], input);
  if (status !== 0) throw new Error(`status ${status}: ${complaints.join('\n')}`);
  return JSON.parse(out) as T;
}

const folder = mkdtempSync(join(tmpdir(), 'normscope-cli-'));

/** Writes a file into a folder of its own. @returns its path */
export function fileWith(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export const scratch = folder;
