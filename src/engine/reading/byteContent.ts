import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import { BytesReader, type ByteReader } from '../../core/text/textSource';

/** Bytes of text that can be read from their start, as often as somebody wants. */
export interface ByteContent {
  open(): Result<OpenBytes>;
  /** What to say where the bytes are not UTF-8, or not text at all. */
  readonly notText: Problem;
}

export interface OpenBytes extends ByteReader {
  /** Why reading ended before the end: an error of the file system, or a zero byte among the first. */
  readonly problem: Problem | undefined;
  close(): void;
}

/** Bytes looked at to tell text from binary, as git does. */
const sniffed = 8000;

/** Bytes at hand, of standard input for one. */
export function bytesContent(bytes: Uint8Array, notText: Problem): ByteContent {
  return {
    notText,
    open: () => {
      const reader = new BytesReader(bytes);
      return ok({
        size: bytes.length,
        read: into => reader.read(into),
        problem: bytes.subarray(0, sniffed).includes(0) ? notText : undefined,
        close: () => undefined,
      });
    },
  };
}

/** A local file. Its size is what the file system says, which for files such as those in /proc is 0. */
export function fileContent(path: string): ByteContent {
  const notText: Problem = {
    code: 'binary-file',
    severity: 'error',
    message: `${path} is not text, nor a tensor file of a kind that is read: a run file is JSON text with numbers in it, in UTF-8.`,
  };
  return { notText, open: () => openFile(path, notText) };
}

function openFile(path: string, notText: Problem): Result<OpenBytes> {
  try {
    const info = statSync(path);
    if (info.isDirectory()) {
      return fail('is-folder', `${path} is a folder: choose a file in it.`);
    }
    if (!info.isFile()) {
      return fail('not-a-file', `${path} is a device or a pipe: choose an ordinary file.`);
    }
    return ok(new FileBytes(path, info.size, openSync(path, 'r'), notText));
  } catch (error) {
    return { ok: false, problem: fileProblem(path, error) };
  }
}

/** Reads without waiting: the engine has a thread of its own, and the parser wants its next piece at once. */
class FileBytes implements OpenBytes {
  problem: Problem | undefined;
  private begun = false;

  constructor(
    private readonly path: string,
    readonly size: number,
    private readonly descriptor: number,
    private readonly notText: Problem,
  ) {}

  read(into: Uint8Array): number {
    if (this.problem !== undefined) return 0;
    try {
      const count = readSync(this.descriptor, into, 0, into.length, null);
      if (!this.begun && into.subarray(0, Math.min(count, sniffed)).includes(0)) {
        this.problem = this.notText;
      }
      this.begun = true;
      return this.problem === undefined ? count : 0;
    } catch (error) {
      this.problem = fileProblem(this.path, error);
      return 0;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** What the operating system says, for the cases that a person can do something about. */
export function fileProblem(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = (id: string, message: string): Problem => {
    return { code: id, severity: 'error', message };
  };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return problem('file-missing', `There is no file ${path}: check the path.`);
    case 'EACCES':
    case 'EPERM':
      return problem('file-forbidden', `${path} may not be read: check its permissions.`);
    default:
      return problem('file-unreadable', `${path} could not be read (${code || String(error)}).`);
  }
}
