import { OpenRecordings } from '../../../src/host/recordings/openRecordings';

/** A recording that a test writes, wherever it is asked for. */
export class MemoryRecording {
  private text = '';
  private changed = (): void => undefined;

  readonly open = new OpenRecordings(
    () => {
      const bytes = new TextEncoder().encode(this.text);
      return Promise.resolve({
        size: bytes.length,
        read: (start: number, length: number) =>
          Promise.resolve(bytes.subarray(start, start + length)),
        close: () => Promise.resolve(),
      });
    },
    (_, changed) => {
      this.changed = changed;
      return { dispose: () => undefined };
    },
  );

  /** Replaces the text, as a training run that writes does. */
  readonly write = (text: string): void => {
    this.text = text;
    this.changed();
  };
}
