import type { OpenFile } from '../../../../src/host/recordings/recordingBytes';

/** A file that a test writes, and how much of it was read. */
export class MemoryFile {
  text = '';
  bytesRead = 0;
  missing = false;

  readonly open: OpenFile = () => {
    if (this.missing) {
      return Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }));
    }
    const bytes = new TextEncoder().encode(this.text);
    return Promise.resolve({
      size: bytes.length,
      read: (start: number, length: number) => {
        const read = bytes.subarray(start, start + length);
        this.bytesRead += read.length;
        return Promise.resolve(read);
      },
      close: () => Promise.resolve(),
    });
  };
}

export const lineOf = (
  step: number,
  layer = 'bn1',
  values: readonly number[] = [step, 1],
): string => `${JSON.stringify({ step, layer, movingMean: values, batchMean: values })}\n`;
