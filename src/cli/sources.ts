import { fail, ok, type Result } from '../core/problem';
import { fileContent } from '../engine/reading/byteContent';
import { listNames, splitOperand, type Source, type Target } from './source';
import { openTensorFile } from './tensorFileSource';
import type { Terminal } from './terminal';
import { readTextSource, standardInput } from './textSource';

/** The files that one command line opens: each once, closed together. */
export class Sources {
  private readonly opened = new Map<string, Promise<Result<Source>>>();
  private readonly closers: (() => Promise<void>)[] = [];

  constructor(private readonly terminal: Terminal) {}

  /**
   * Opens what an operand names: a path, or `-` for standard input, and after `#` a tensor or layer in
   * it. Where the whole operand is an existing file, `#` is part of its name.
   */
  async open(operand: string): Promise<Result<Target>> {
    const { path, name } = splitOperand(operand);
    const source = this.opened.get(path) ?? this.read(path);
    this.opened.set(path, source);
    const read = await source;
    return read.ok ? ok({ source: read.value, name }) : read;
  }

  /** Standard input, which is read once however often it is asked for. */
  input(): Promise<Uint8Array> {
    return this.terminal.readInput();
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  private async read(path: string): Promise<Result<Source>> {
    if (path === '-') return readTextSource('standard input', await standardInput(this.terminal));
    const file = await openTensorFile(path);
    if (file === undefined) return readTextSource(path, fileContent(path));
    if (!file.ok) return file;
    this.closers.push(file.value.close);
    return ok(file.value.source);
  }
}

/** Opens the file that an option names, which is no name in the file of the command. */
export async function openOption(
  option: string,
  operand: string,
  main: Source,
  sources: Sources,
): Promise<Result<Target>> {
  const opened = await sources.open(operand);
  if (opened.ok || opened.problem.code !== 'file-missing') return opened;
  return fail(
    'no-such-name',
    `--${option} is "${operand}", which is no file and no name in ${main.label}: it holds ${listNames(main)}.`,
  );
}
