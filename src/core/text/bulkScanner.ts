/**
 * Reads the regular part of an array of numbers: digits, signs, exponents, commas, white space and
 * brackets of rows as long as the first. It stops before anything else (a hard number, a ragged row, a
 * comment, a missing comma, the end of the window), which is for the reader in JavaScript, and which
 * makes it safe to leave out: without it everything is read, only more slowly.
 */
export interface BulkScanner {
  /** The buffer of the window that it reads: `windowUnits` bytes. */
  readonly bytes: Uint8Array;
  /** How reading stands, before and after: see `bulkField`. */
  readonly state: Int32Array;
  /** The numbers that the last call read, and room for more. */
  readonly numbers: Float32Array;
  /** How many of an array's first bytes are ASCII; undefined where it cannot look into the array. */
  asciiLength(bytes: Uint8Array): number | undefined;
  /** Reads on. @returns how many numbers it read: fewer than there is room for, or exactly as many */
  read(): number;
}

/** Indices in `BulkScanner.state`. Offsets are those in the window; −1 says none. */
export const bulkField = {
  /** Where to read on; where reading ended. */
  at: 0,
  /** Where the window ends. */
  filled: 1,
  /** What may stand next: an index in `expectations`. */
  expected: 2,
  /** Brackets that are open. */
  depth: 3,
  /** The depth at which numbers stand. */
  leafDepth: 4,
  /** The depth at which rows follow each other without a comma; 0 for none. */
  linesDepth: 5,
  /** Out: the last comma passed. */
  lastComma: 6,
  /** Out: where the first number below 0 starts and ends. */
  negativeStart: 7,
  negativeEnd: 8,
  /** By depth, from 1: entries of the open row; both ways. */
  counts: 16,
  /** By depth: entries that a row must have; −1 where no row was closed yet. */
  sizes: 32,
  /** Out, by depth: where the last row that was opened here begins. */
  opened: 48,
  /** Out, by depth: rows closed. */
  closed: 64,
} as const;

/** Length of `BulkScanner.state`. */
export const bulkFields = 80;
