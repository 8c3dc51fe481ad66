/**
 * The functions of h5wasm's WebAssembly module that are used here. Its own types cover neither the file
 * system nor the arguments that have no default in JavaScript.
 */
export interface NativeHdf5 {
  readonly FS: NativeFileSystem;
  readonly HEAPU8: Uint8Array;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  activate_throwing_error_handler(): number;
  /** −1 twice: whatever versions of the format the library knows. */
  open(path: string, mode: number, trackOrder: boolean, oldest: -1, newest: -1): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  /** Follows links: only for one that is known to be hard. */
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { filename?: string; obj_path?: string };
  get_dataset_metadata(file: bigint, path: string): NativeMetadata;
  get_dataset_filters(file: bigint, path: string): { id: number; name: string }[];
  get_dataset_data(
    file: bigint,
    path: string,
    count: readonly bigint[] | null,
    offset: readonly bigint[] | null,
    strides: readonly bigint[] | null,
    pointer: bigint,
  ): number;
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): NativeMetadata;
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, name: string, pointer: bigint): number;
  UTF8ToString(pointer: number, limit?: number): string;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** A datatype, and the shape of what has it. */
export interface NativeMetadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  /** A text of any length. */
  readonly vlen: boolean;
  readonly shape: number[] | null;
  readonly total_size: number;
  readonly chunks?: readonly number[] | null;
  readonly virtual_sources?: readonly unknown[];
  readonly compound_type?: {
    readonly members: readonly (NativeMetadata & {
      readonly name: string;
      readonly offset: number;
    })[];
  };
  readonly enum_type?: {
    readonly type: number;
    readonly members: Readonly<Record<string, number>>;
  };
}

/** Emscripten's file system in memory. */
export interface NativeFileSystem {
  readonly ErrnoError: new (errno: number) => Error;
  mkdir(path: string): unknown;
  rmdir(path: string): void;
  unlink(path: string): void;
  createFile(
    folder: string,
    name: string,
    properties: object,
    canRead: boolean,
    canWrite: boolean,
  ): NativeNode;
}

export interface NativeNode {
  /** The size that `fstat` answers. */
  usedBytes: number;
  stream_ops: {
    read: (
      stream: unknown,
      buffer: Int8Array,
      offset: number,
      length: number,
      position: number,
    ) => number;
  };
}
