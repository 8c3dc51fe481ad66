import type { BadFile } from '../badFile';
import type { ByteSource } from '../byteSource';

/**
 * What Normscope asks of an HDF5 library. The real one is WebAssembly of 4 MB, loaded on first use by
 * the engine and the command line (src/engine/hdf5); core knows only this.
 */
export interface Hdf5Library {
  /**
   * Opens a file that is read through `source`; the library never sees another one.
   * @throws BadFile where it is no HDF5 file, or the source cannot be read without waiting
   */
  open(source: ByteSource): Hdf5File;
}

/** An open file. Every method throws BadFile with HDF5's own words where the file is damaged. */
export interface Hdf5File {
  /**
   * The links of each of some groups, in the file's order. No link is followed to find out what it is.
   * @param most links of all of them together
   * @returns undefined where there are more
   */
  links(groups: readonly string[], most: number): readonly (readonly Hdf5Link[])[] | undefined;
  /**
   * @param paths absolute, of hard links to datasets
   * @returns each, or why it cannot be described
   */
  datasets(paths: readonly string[]): readonly (Hdf5Dataset | BadFile)[];
  attributeNames(path: string): readonly string[];
  /** Text or a list of texts; undefined where there is no such attribute, or none of text. */
  textAttribute(path: string, name: string): string | readonly string[] | undefined;
  /**
   * Elements of a dataset, row-major and little-endian whatever the file holds.
   * @param start first index along each axis
   * @param count how many along each axis
   * @param use gets the bytes, which are the library's memory and gone when it returns
   */
  read(
    path: string,
    start: readonly number[],
    count: readonly number[],
    use: (bytes: Uint8Array) => void,
  ): void;
  /** Between two calls, which block: messages that wait (a cancellation among them) get their turn. */
  letOthersIn(): Promise<void>;
  close(): void;
}

export interface Hdf5Link {
  readonly name: string;
  readonly kind: 'group' | 'dataset' | 'soft' | 'external' | 'other';
  /** Where a soft or external link points, for the message that says it is not followed. */
  readonly target?: string;
}

export interface Hdf5Dataset {
  /** Null where the dataset has no elements at all (a null dataspace). */
  readonly shape: readonly number[] | null;
  readonly type: Hdf5Type;
  /** Lengths of a chunk, which the library holds in memory whole to read any of it; null: no chunks. */
  readonly chunk: readonly number[] | null;
  /** In the order they are applied when writing. */
  readonly filters: readonly Hdf5Filter[];
  /** Whether its values are put together from other datasets, which may be in other files. */
  readonly virtual: boolean;
}

export interface Hdf5Filter {
  readonly id: number;
  readonly name: string;
}

/** A datatype: its class (H5T_class_t), bytes an element, and the parts of a compound. */
export interface Hdf5Type {
  readonly kind:
    'integer' | 'float' | 'text' | 'opaque' | 'compound' | 'enumeration' | 'array' | 'other';
  readonly bytes: number;
  readonly signed: boolean;
  /** Names of an enumeration's values. */
  readonly values?: readonly string[];
  readonly members?: readonly (Hdf5Type & { readonly name: string; readonly offset: number })[];
}
