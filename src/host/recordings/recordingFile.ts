import { RecordingReader } from '../../core/recording/reader';
import { Emitter, type Disposable } from '../lifecycle';
import type { OpenBytes, OpenFile } from './recordingBytes';

/** Bytes that are parsed in one go: a few milliseconds of the extension host. */
const bytesAtOnce = 1 << 18;

/** Bytes from the start of the file that tell it from another one. */
const bytesOfHead = 4096;

/**
 * A recording on disk and what has been read of it. `refresh` reads what is new; a file that has become
 * shorter, or begins with something else, is read from its start.
 */
export class RecordingFile implements Disposable {
  readonly #open: OpenFile;
  readonly #changed = new Emitter<null>();
  #reader = new RecordingReader();
  #offset = 0;
  #head = new Uint8Array(0);
  #problem = '';
  #startedOver = 0;
  #loaded = false;
  #again = false;
  #refreshing: Promise<void> | undefined;
  #disposed = false;

  constructor(
    readonly uri: string,
    open: OpenFile,
  ) {
    this.#open = open;
  }

  /** Fires when there is more to show, or something else. */
  readonly onChanged = this.#changed.on;

  get reader(): RecordingReader {
    return this.#reader;
  }

  /** Why the file cannot be read as it is now, as a sentence; what was read before stays. Else empty. */
  get problem(): string {
    return this.#problem;
  }

  /** How often the file was another one, and was read from its start. */
  get startedOver(): number {
    return this.#startedOver;
  }

  /** Whether it has been read once. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Reads what is new. What is asked for while one is under way is done after it, once. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#refreshing ??= this.#work().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  dispose(): void {
    this.#disposed = true;
    this.#changed.dispose();
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#disposed) {
      this.#again = false;
      const before = [this.#offset, this.#problem, this.#startedOver, this.#loaded].join();
      await this.#readNew();
      this.#loaded = true;
      const after = [this.#offset, this.#problem, this.#startedOver, this.#loaded].join();
      if (before !== after) this.#changed.fire(null);
    }
  }

  async #readNew(): Promise<void> {
    let file: OpenBytes | undefined;
    try {
      file = await this.#open(this.uri);
      if (!(await this.#continues(file))) this.#startOver();
      await this.#readOn(file);
      this.#problem = '';
    } catch (error) {
      this.#problem = sentenceOf(error);
    } finally {
      await file?.close();
    }
  }

  /** Whether the file is the one that was read, with perhaps more at its end. */
  async #continues(file: OpenBytes): Promise<boolean> {
    if (file.size < this.#offset) return false;
    const head = await file.read(0, this.#head.length);
    return head.length === this.#head.length && this.#head.every((byte, i) => byte === head[i]);
  }

  #startOver(): void {
    this.#reader = new RecordingReader();
    this.#offset = 0;
    this.#head = new Uint8Array(0);
    this.#startedOver++;
  }

  async #readOn(file: OpenBytes): Promise<void> {
    while (this.#offset < file.size && !this.#disposed) {
      const length = Math.min(bytesAtOnce, file.size - this.#offset);
      const bytes = await file.read(this.#offset, length);
      if (bytes.length === 0) break;
      if (this.#head.length < bytesOfHead) this.#remember(bytes);
      // First, so that what cannot be taken is not met again and again.
      this.#offset += bytes.length;
      this.#reader.feed(bytes);
      // Others of the extension host have their turn between two pieces.
      await new Promise(resolve => setTimeout(resolve, 0));
    }
    this.#reader.pause();
  }

  #remember(bytes: Uint8Array): void {
    const more = bytes.subarray(0, bytesOfHead - this.#head.length);
    const head = new Uint8Array(this.#head.length + more.length);
    head.set(this.#head);
    head.set(more, this.#head.length);
    this.#head = head;
  }
}

function sentenceOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'FileNotFound') {
    return 'The file is not there: it was moved, renamed or deleted.';
  }
  if (code === 'EACCES' || code === 'NoPermissions') {
    return 'The file may not be read: check its permissions.';
  }
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `The file could not be read: ${reason ?? 'no reason was given'}.`;
}
