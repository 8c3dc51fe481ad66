import { open } from 'node:fs/promises';
import type { OpenBytes } from './recordingBytes';

/** A file of this machine, of which only the ranges that are asked for are read. */
export async function openLocal(path: string): Promise<OpenBytes> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return {
      size,
      read: async (start, length) => {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await handle.read(bytes, 0, length, start);
        return bytes.subarray(0, bytesRead);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
