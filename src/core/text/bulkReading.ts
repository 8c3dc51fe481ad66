import type { TextRange } from '../problem';
import { bulkField, type BulkScanner } from './bulkScanner';
import type { JsonScanner } from './jsonScanner';
import type { NumberStore } from './numberStore';
import type { Rows } from './rows';

/** What may stand at the cursor of an array: the first is right after `[`, the second after a comma. */
export type Expected = (typeof expectations)[number];

/** In the order in which a bulk scanner counts them. */
const expectations = ['value or end', 'value', 'comma or end'] as const;

/** How far a bulk scanner came, beside what the scanner, the rows and the store know. */
export interface BulkReading {
  readonly expected: Expected;
  /** Offset of the last comma it passed. */
  readonly lastComma: number | undefined;
  /** The first number below 0 that it read. */
  readonly negative: TextRange | undefined;
}

/** Lets a bulk scanner read on from the cursor, as far as it can. The scanner's window is over its buffer. */
export function readInBulk(
  bulk: BulkScanner,
  scanner: JsonScanner,
  rows: Rows,
  store: NumberStore,
  begin: { readonly expected: Expected; readonly linesDepth: number },
): BulkReading {
  const { state, numbers } = bulk;
  const { base, filled } = scanner.window;
  const field = (index: number): number => state[index] as number;
  let { expected } = begin;
  let lastComma: number | undefined;
  let negative: TextRange | undefined;
  // It stops where the room for numbers is full, too.
  for (let count = numbers.length; count === numbers.length;) {
    if (!rows.canBeLent || store.wantsExact || store.refusal !== undefined) break;
    rows.lend(state);
    state[bulkField.at] = scanner.at - base;
    state[bulkField.filled] = filled;
    state[bulkField.expected] = expectations.indexOf(expected);
    state[bulkField.linesDepth] = begin.linesDepth;
    count = bulk.read();
    rows.takeBack(state, base);
    scanner.at = base + field(bulkField.at);
    store.appendAll(numbers.subarray(0, count));
    expected = expectations[field(bulkField.expected)] as Expected;
    if (field(bulkField.lastComma) >= 0) lastComma = base + field(bulkField.lastComma);
    const start = field(bulkField.negativeStart);
    if (start >= 0) negative ??= { start: base + start, end: base + field(bulkField.negativeEnd) };
  }
  return { expected, lastComma, negative };
}
