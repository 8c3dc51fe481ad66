import type { TextRange } from '../problem';
import type { Shape } from '../tensor/shape';
import { bulkField } from './bulkScanner';
import type { ProblemList } from './problemList';

/** The deepest nesting read: the highest rank that any convention accepts. */
export const maximumRank = 8;

interface Mismatch {
  readonly range: TextRange;
  readonly path: readonly number[];
  readonly length: number;
}

/** What is known of the rows at one depth of nesting. */
interface Level {
  /** Entries of the open row so far; at the level above, this row's index. */
  count: number;
  openedAt: number;
  /** Rows closed. */
  closed: number;
  /** Entries of the first row closed, which the others must have. */
  expected: number;
  first: Mismatch | undefined;
  /** Rows of another length: how many, the first few, and their length while it is one and the same. */
  mismatches: number;
  kept: Mismatch[];
  otherLength: number | undefined;
}

/**
 * Follows the brackets of a nested array and says where its rows are ragged, mixed, empty or too deep.
 * Brackets beyond `maximumRank` are counted only.
 */
export class Rows {
  depth = 0;
  private readonly levels: readonly Level[] = Array.from({ length: maximumRank + 1 }, newLevel);
  private leafDepth = 0;
  private deepest = 0;
  private tooDeep = false;
  private mixed = false;

  constructor(private readonly problems: ProblemList) {}

  open(at: number): void {
    const depth = ++this.depth;
    if (depth > maximumRank) {
      if (!this.tooDeep) this.addTooDeep(at);
      this.tooDeep = true;
      return;
    }
    if (this.leafDepth !== 0 && depth > this.leafDepth)
      this.addMixed(at, 'A row stands beside numbers');
    if (depth > this.deepest) this.deepest = depth;
    const level = this.level(depth);
    level.count = 0;
    level.openedAt = at;
  }

  /** Counts numbers at the present depth, of which the first stands at `at`. */
  values(count: number, at: number): void {
    if (count === 0 || this.depth > maximumRank) return;
    this.level(this.depth).count += count;
    if (this.leafDepth === this.depth) return;
    if (this.leafDepth === 0) {
      this.leafDepth = this.depth;
      if (this.deepest === this.depth) return;
    }
    this.addMixed(at, 'A number stands beside rows');
  }

  close(end: number): void {
    const depth = this.depth--;
    if (depth > maximumRank) return;
    const level = this.level(depth);
    if (level.closed++ === 0) {
      level.expected = level.count;
      level.first = this.row(depth, level, end);
    } else if (level.count !== level.expected) {
      if (level.mismatches++ === 0) level.otherLength = level.count;
      else if (level.otherLength !== level.count) level.otherLength = undefined;
      if (level.kept.length < 20) level.kept.push(this.row(depth, level, end));
    }
    if (depth > 1) this.level(depth - 1).count++;
  }

  /** Reports what only the whole array shows; call once, at its end. */
  finish(): void {
    if (this.tooDeep || this.mixed) return;
    for (const [index, level] of this.levels.entries()) this.reportRagged(level, index);
    const empty = this.levels.find(level => level.first?.length === 0);
    if (empty?.first && !this.problems.hasErrors) {
      this.problems.add('error', 'array-empty', empty.first.range, () => {
        return 'This array is empty: give at least one number, such as [1, 2, 3].';
      });
    }
  }

  shape(): Shape {
    return this.levels.slice(1, this.deepest + 1).map(level => level.expected);
  }

  /** Offset of the innermost bracket that is open. */
  openedAt(): number {
    return this.level(Math.min(this.depth, maximumRank)).openedAt;
  }

  /** Whether rows can be followed by somebody else for a while: it is known at which depth numbers stand. */
  get canBeLent(): boolean {
    return this.leafDepth !== 0 && this.depth <= this.leafDepth && this.depth > 0;
  }

  /** Writes where the rows stand, for a bulk scanner to go on. */
  lend(state: Int32Array): void {
    state[bulkField.depth] = this.depth;
    state[bulkField.leafDepth] = this.leafDepth;
    for (let depth = 1; depth <= maximumRank; depth++) {
      const level = this.level(depth);
      state[bulkField.counts + depth] = level.count;
      state[bulkField.sizes + depth] = level.closed > 0 ? level.expected : -1;
    }
  }

  /** Takes over from a bulk scanner, which passed whole rows only. @param base offset of its window */
  takeBack(state: Int32Array, base: number): void {
    this.depth = state[bulkField.depth] as number;
    for (let depth = 1; depth <= maximumRank; depth++) {
      const level = this.level(depth);
      const opened = state[bulkField.opened + depth] as number;
      level.count = state[bulkField.counts + depth] as number;
      level.closed += state[bulkField.closed + depth] as number;
      if (opened >= 0) level.openedAt = base + opened;
    }
  }

  /** Offsets of the brackets that are open, outermost first; of those too deep, that of the deepest level. */
  openBrackets(): number[] {
    return Array.from({ length: this.depth }, (_, index) => {
      return this.level(Math.min(index + 1, maximumRank)).openedAt;
    });
  }

  /** Levels are indexed by depth; 0 is never used. */
  private level(depth: number): Level {
    return this.levels[depth] as Level;
  }

  private row(depth: number, level: Level, end: number): Mismatch {
    const path: number[] = [];
    for (let d = 1; d < depth; d++) path.push(this.level(d).count);
    return { range: { start: level.openedAt, end }, path, length: level.count };
  }

  private reportRagged(level: Level, depth: number): void {
    if (level.mismatches === 0 || level.first === undefined) return;
    const noun = depth === this.deepest ? 'value' : 'row';
    // Where all the others agree, the first row is the odd one.
    const others = level.closed - 1;
    if (level.mismatches === others && others > 1 && level.otherLength !== undefined) {
      this.addRagged(level.first, level.otherLength, 'the others have', noun);
      return;
    }
    const reference = `${rowName(level.first.path)} has`;
    for (const row of level.kept) this.addRagged(row, level.expected, reference, noun);
    this.problems.omit(level.mismatches - level.kept.length);
  }

  private addRagged(row: Mismatch, expected: number, reference: string, noun: string): void {
    this.problems.add('error', 'row-ragged', row.range, () => {
      const name = rowName(row.path);
      const upper = name.charAt(0).toUpperCase() + name.slice(1);
      const want = `give it ${counted(expected, noun)} too`;
      return `${upper} has ${counted(row.length, noun)}, but ${reference} ${expected}: ${want}.`;
    });
  }

  private addMixed(at: number, what: string): void {
    if (this.mixed) return;
    this.mixed = true;
    this.problems.add('error', 'array-mixed', { start: at, end: at + 1 }, () => {
      return `${what}: all numbers of an array stand at the same depth of brackets.`;
    });
  }

  private addTooDeep(at: number): void {
    this.problems.add('error', 'array-too-deep', { start: at, end: at + 1 }, () => {
      return `This bracket opens a dimension beyond the ${maximumRank} that are read: remove brackets, or give flat numbers and "shape".`;
    });
  }
}

function newLevel(): Level {
  return {
    count: 0,
    openedAt: 0,
    closed: 0,
    expected: 0,
    first: undefined,
    mismatches: 0,
    kept: [],
    otherLength: undefined,
  };
}

function rowName(path: readonly number[]): string {
  return `row ${path.map(index => `[${index}]`).join('')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
