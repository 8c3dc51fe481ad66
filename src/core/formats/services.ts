import type { Hdf5Library } from './hdf5/library';

/** What a reader needs of the platform, given to it so that core runs on all of them. */
export interface FormatServices {
  /**
   * Inflates a raw deflate stream. Refuses (`BadFile`) a stream that is damaged, ends early or gives
   * more than `most` bytes, as soon as it does.
   */
  readonly inflateRaw: (bytes: Uint8Array, most: number) => Promise<Uint8Array>;
  /** Inflates what it can of the start of a stream, up to `most` bytes; an early end is no failure. */
  readonly inflateStart: (bytes: Uint8Array, most: number) => Promise<Uint8Array>;
  /** The CRC-32 of bytes, as zips have it: unsigned. */
  readonly crc32: (bytes: Uint8Array) => number;
  /** The HDF5 library, loaded by the first file that needs it; refuses where it cannot be had. */
  readonly hdf5: () => Promise<Hdf5Library>;
}
