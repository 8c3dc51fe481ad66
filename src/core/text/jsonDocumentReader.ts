import type { TextRange } from '../problem';
import type { Expected } from './bulkReading';
import { closeBrace, closeBracket, colon, comma, end, openBrace, openBracket } from './characters';
import {
  join,
  type DocumentOptions,
  type JsonDocument,
  type JsonMember,
  type JsonValue,
} from './jsonDocument';
import { readKey, readScalar } from './jsonScalars';
import { isQuote, JsonScanner } from './jsonScanner';
import { NumberArrayReader, type NumberTools } from './numberArray';
import { plainMemory } from './numberMemory';
import { ProblemList } from './problemList';
import type { TextWindow } from './textWindow';

/** Deepest nesting of objects, and of arrays that hold objects. */
const maximumDepth = 64;

type MemberName = Omit<JsonMember, 'value' | 'valueRange'>;

interface Frame {
  readonly kind: 'object' | 'list';
  readonly parent: string;
  /** Whether members are kept: not in or under a list. */
  readonly keeps: boolean;
  readonly start: number;
  /** The member whose value this is. */
  readonly member: MemberName | undefined;
  expected: Expected;
  lastComma: number;
}

/**
 * Reads a document in steps, so that whoever reads a long one can see to other things in between. Every
 * problem has its offset in the text, however the text came.
 */
export class JsonDocumentReader {
  private readonly scanner: JsonScanner;
  private readonly problems = new ProblemList();
  private readonly members: JsonMember[] = [];
  private readonly frames: Frame[] = [];
  private readonly tools: NumberTools;
  private readonly lines: boolean;
  /** The array of numbers that is being read. */
  private numbers:
    | {
        readonly reader: NumberArrayReader;
        readonly name: MemberName | undefined;
        readonly start: number;
      }
    | undefined;
  private root: JsonValue | undefined;
  private rootRange: TextRange = { start: 0, end: 0 };
  private values = 0;
  private stopped = false;
  private ended = false;

  constructor(
    private readonly window: TextWindow,
    { lines = false, tools = { memory: plainMemory } }: DocumentOptions = {},
  ) {
    this.scanner = new JsonScanner(window);
    this.tools = tools;
    this.lines = lines;
    // A byte order mark, which Windows editors write.
    if (window.codeAt(0, 0) === 0xfeff) this.scanner.at = 1;
  }

  /**
   * Reads on until a piece more of the text was fetched.
   * @returns whether all is read
   */
  advance(): boolean {
    const { pieces } = this.window;
    while (!this.ended) {
      if (this.numbers !== undefined) this.advanceNumbers();
      else if (this.isStopped()) this.ended = true;
      else if (this.frames.length > 0) this.inside();
      else this.outside();
      if (this.window.pieces !== pieces) break;
    }
    return this.ended;
  }

  /** What was read; call once all is. */
  document(): JsonDocument {
    const { scanner, problems } = this;
    const readUntil = scanner.at;
    if (!this.lines || this.values === 0 || this.root?.kind === 'numbers') {
      const { root, rootRange, members } = this;
      return { root, rootRange, members, problems, readUntil };
    }
    return { ...this.documentOfLines(), problems, readUntil };
  }

  private documentOfLines(): Pick<JsonDocument, 'root' | 'rootRange' | 'members'> {
    const { rootRange, members, values } = this;
    if (values > 1) return { root: { kind: 'lines', count: values }, rootRange, members };
    const rest = members.slice(0, -1);
    const own = members.at(-1);
    if (own === undefined) return { root: this.root, rootRange, members };
    // The one line there is stands for itself.
    const inside = rest.map(member => ({ ...member, parent: member.parent.replace(/^1\/?/, '') }));
    return { root: own.value, rootRange: own.valueRange, members: inside };
  }

  /** Before the value, or after it. */
  private outside(): void {
    const { scanner, problems } = this;
    scanner.skipTrivia(problems);
    if (scanner.peek() === end) {
      if (this.values === 0 && !problems.hasErrors) this.addEmpty();
      this.ended = true;
    } else if (this.values === 0 || this.lines) this.nextValue();
    else {
      this.stop('text-after-end', 1, () => {
        return 'The JSON value has ended before this: a run file holds one object or array, and nothing after it.';
      });
    }
  }

  private nextValue(): void {
    const { at } = this.scanner;
    const isFirst = this.values++ === 0;
    if (!this.lines) this.value(undefined);
    else if (isFirst && this.scanner.peek() === openBracket) {
      this.numbers = {
        reader: new NumberArrayReader(this.scanner, this.tools, true),
        name: undefined,
        start: at,
      };
    } else {
      if (isFirst) this.rootRange = { start: at, end: at + 1 };
      this.value({ parent: '', key: String(this.values), keyRange: { start: at, end: at } });
    }
  }

  private addEmpty(): void {
    const range = { start: 0, end: Math.min(this.scanner.at, 1) };
    this.problems.add('error', 'content-empty', range, () => {
      return 'The file is empty: write a nested array of numbers, or {"input": [[1, 2], [3, 4]]}.';
    });
  }

  /** A method, so that the compiler does not take `stopped` for what it was at the start. */
  private isStopped(): boolean {
    return this.stopped;
  }

  private stop(code: string, length: number, message: () => string): void {
    const { at } = this.scanner;
    this.problems.add('error', code, { start: at, end: at + length }, message);
    this.stopped = true;
  }

  /** Moves over one token inside the innermost object or list. */
  private inside(): void {
    const frame = this.frames.at(-1) as Frame;
    this.scanner.skipTrivia(this.problems);
    const code = this.scanner.peek();
    if (code === comma) this.comma(frame);
    else if (code === closeBrace || code === closeBracket) this.close(frame, code);
    else if (code === end) this.unclosed(frame);
    else {
      if (frame.expected === 'comma or end') this.addCommaMissing();
      frame.expected = 'comma or end';
      if (frame.kind === 'object') this.member(frame);
      else this.value(undefined);
    }
  }

  private addCommaMissing(): void {
    const { at } = this.scanner;
    this.problems.add('error', 'comma-missing', { start: at, end: at + 1 }, () => {
      return 'A comma is missing before this.';
    });
  }

  private comma(frame: Frame): void {
    const at = this.scanner.at++;
    if (frame.expected !== 'comma or end') {
      this.problems.add('error', 'value-missing', { start: at, end: at + 1 }, () => {
        return 'Nothing stands before this comma: remove it.';
      });
    }
    frame.expected = 'value';
    frame.lastComma = at;
  }

  private close(frame: Frame, code: number): void {
    const closing = frame.kind === 'object' ? closeBrace : closeBracket;
    if (code !== closing) {
      this.stop('bracket-mismatched', 1, () => {
        const [open, right] = frame.kind === 'object' ? ['{', '}'] : ['[', ']'];
        return `"${String.fromCharCode(code)}" does not close the "${open}" that is open here: write "${right}".`;
      });
      return;
    }
    if (frame.expected === 'value') {
      const range = { start: frame.lastComma, end: frame.lastComma + 1 };
      this.problems.add('error', 'trailing-comma', range, () => {
        return `A comma stands before "${String.fromCharCode(closing)}" with nothing after it: remove the comma.`;
      });
    }
    this.scanner.at++;
    this.frames.pop();
    this.keep(frame.member, frame.start, { kind: frame.kind });
  }

  private unclosed(frame: Frame): void {
    const [open, right] = frame.kind === 'object' ? ['{', '}'] : ['[', ']'];
    const range = { start: frame.start, end: frame.start + 1 };
    this.problems.add('error', 'bracket-unclosed', range, () => {
      return `This "${open}" is never closed: add "${right}" at its end.`;
    });
    // What was read so far still counts.
    while (this.frames.length > 0) {
      const open = this.frames.pop() as Frame;
      this.keep(open.member, open.start, { kind: open.kind });
    }
    this.stopped = true;
  }

  /** Reads a key, its colon and its value. */
  private member(frame: Frame): void {
    const { scanner, problems } = this;
    const start = scanner.at;
    const key = readKey(scanner, problems);
    if (key === undefined) this.stopped = true;
    if (key === undefined) return;
    const keyRange = { start, end: scanner.at };
    scanner.skipTrivia(problems);
    if (scanner.peek() === colon) scanner.at++;
    else {
      problems.add('error', 'colon-missing', keyRange, () => `A colon is missing after "${key}".`);
    }
    scanner.skipTrivia(problems);
    const code = scanner.peek();
    if (code === comma || code === closeBrace || code === closeBracket || code === end) {
      problems.add('error', 'value-missing', keyRange, () => `"${key}" has no value.`);
      return;
    }
    this.value(frame.keeps ? { parent: frame.parent, key, keyRange } : undefined);
  }

  private value(member: Frame['member']): void {
    const { scanner } = this;
    const code = scanner.peek();
    const start = scanner.at;
    if (code === openBrace) {
      this.openFrame('object', member);
      return;
    }
    if (code === openBracket) {
      this.array(member);
      return;
    }
    const isRoot = this.frames.length === 0;
    const value = readScalar(scanner, this.problems, isRoot);
    // Where a string is never closed, or at the top, there is no telling where the value would end.
    if (value.kind === 'unreadable' && (isRoot || isQuote(code))) this.stopped = true;
    this.keep(member, start, value);
  }

  private array(member: Frame['member']): void {
    const { scanner, tools } = this;
    // Inside a list nothing is kept.
    if (this.frames.some(frame => frame.kind === 'list')) this.openFrame('list', member);
    else
      this.numbers = {
        reader: new NumberArrayReader(scanner, tools),
        name: member,
        start: scanner.at,
      };
  }

  private advanceNumbers(): void {
    const { numbers, scanner } = this;
    if (numbers === undefined) return;
    const { reader, name, start } = numbers;
    const outcome = reader.advance();
    if (outcome === 'paused') return;
    this.numbers = undefined;
    if (outcome === 'object') {
      this.openList(reader, name);
      return;
    }
    const array = reader.result();
    this.problems.addAll(array.syntax);
    // A brace may still close the object around an array whose bracket is missing.
    const goesOn = array.closed || (this.frames.length > 0 && scanner.peek() === closeBrace);
    if (!goesOn) this.stopped = true;
    this.keep(name, start, { kind: 'numbers', array });
  }

  /** The array that was being read holds an object: its brackets are those of lists. */
  private openList(reader: NumberArrayReader, name: MemberName | undefined): void {
    const { brackets, syntax, expected, lastComma } = reader.abandon();
    this.problems.addAll(syntax);
    for (const [index, start] of brackets.entries()) {
      if (!this.pushFrame('list', index === 0 ? name : undefined, start)) return;
    }
    for (const frame of this.frames) frame.expected = 'comma or end';
    const innermost = this.frames.at(-1);
    if (innermost !== undefined) Object.assign(innermost, { expected, lastComma });
    else {
      this.stop('lines-mixed', 1, () => {
        return 'This line is an object, and those before it are arrays: all lines are arrays, or all are objects.';
      });
    }
  }

  private openFrame(kind: Frame['kind'], member: Frame['member']): void {
    if (this.pushFrame(kind, member, this.scanner.at)) this.scanner.at++;
  }

  private pushFrame(kind: Frame['kind'], member: Frame['member'], start: number): boolean {
    const { frames } = this;
    if (frames.length >= maximumDepth) {
      this.stop('nesting-too-deep', 1, () => {
        return `Objects and lists are read to a depth of ${maximumDepth}, and this is deeper.`;
      });
      return false;
    }
    const parent = member === undefined ? '' : join(member.parent, member.key);
    const keeps = kind === 'object' && (frames.at(-1)?.keeps ?? true);
    frames.push({ kind, parent, keeps, start, member, expected: 'value or end', lastComma: 0 });
    return true;
  }

  private keep(member: Frame['member'], start: number, value: JsonValue): void {
    const valueRange = { start, end: this.scanner.at };
    if (member) this.members.push({ ...member, valueRange, value });
    else if (this.frames.length === 0 && this.root === undefined) {
      this.root = value;
      this.rootRange = valueRange;
    }
  }
}
