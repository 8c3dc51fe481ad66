import { BadFile, refuse } from '../../core/formats/badFile';

/**
 * Runs a call into the library, whose failures are exceptions with HDF5's stack of messages: the
 * innermost line says what was wrong with the file.
 */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof BadFile) throw error;
    return refuse('hdf5-unreadable', `HDF5 cannot read it: ${innermost(error)}.`);
  }
}

/** `#003: …/H5Dchunk.c line 12 in H5D__read(): message` is cut to its message. */
function innermost(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = [...text.matchAll(/^\s*#\d+: .* in .*\(\): (.*)$/gm)];
  return lines.at(-1)?.[1] ?? text.split('\n')[0]?.slice(0, 200) ?? '';
}
