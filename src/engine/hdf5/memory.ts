import type { NativeHdf5 } from './native';

/** Runs `use` with so many bytes of the library's memory, and frees them. */
export function withMemory<T>(native: NativeHdf5, bytes: number, use: (pointer: number) => T): T {
  const pointer = native._malloc(Math.max(1, bytes));
  if (pointer === 0) throw new Error(`${bytes} bytes of memory could not be had`);
  try {
    return use(pointer);
  } finally {
    native._free(pointer);
  }
}
