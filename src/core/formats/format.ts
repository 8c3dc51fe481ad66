import type { ByteSource } from './byteSource';
import type { TensorCatalog } from './catalog';
import type { FormatServices } from './services';

/** A file format: one file beside the others, and a line in registry.ts. */
export interface Format {
  readonly id: string;
  /** For people: `NumPy array`. */
  readonly name: string;
  /** Lower case, with the dot, the longest first: `.weights.h5`. Used where bytes do not decide. */
  readonly extensions: readonly string[];
  /** Set where its files are text: they say themselves what is wrong with one, and where. */
  readonly isText?: true;
  /** Set where a file is read as a run file unless its tensors are to be listed. */
  readonly isRunFile?: true;
  /**
   * Whether these bytes say that it is this format. Formats without a magic number look at the name too.
   * @param head the first bytes of the file, at most `headBytes`
   * @param name the file's name, in lower case
   */
  readonly sniff: (head: Uint8Array, name: string) => boolean;
  /** Lists what the file holds; reads no values. Failures throw `BadFile`. */
  readonly open: (
    source: ByteSource,
    services: FormatServices,
    signal: AbortSignal,
  ) => Promise<TensorCatalog>;
}
