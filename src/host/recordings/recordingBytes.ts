/** A file as it was when it was opened. */
export interface OpenBytes {
  readonly size: number;
  /** Fewer bytes where the file has become shorter. */
  read(start: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a file to read what is new in it. Rejects where there is none, or it may not be read. */
export type OpenFile = (uri: string) => Promise<OpenBytes>;
