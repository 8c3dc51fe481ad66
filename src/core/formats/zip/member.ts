/** A member of an archive, as its list of members describes it. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly method: 'stored' | 'deflated';
  /** CRC-32 of its bytes, uncompressed. */
  readonly checksum: number;
  /** Byte of its local header. */
  readonly headerOffset: number;
  /** Why it cannot be read, though others of the archive can: a clause, "it is encrypted". */
  readonly unreadable?: string;
}
