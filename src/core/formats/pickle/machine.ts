import { refuse } from '../badFile';
import { mostPickleObjects, mostPickleOperations } from '../limits';
import { operations } from './operations';
import { PickleReader } from './reader';
import {
  PickleCall,
  PickleDict,
  PickleGlobal,
  PicklePersistent,
  PickleSequence,
  type PickleValue,
} from './values';

/** A pickle's value, and what it refers to. */
export interface Unpickled {
  readonly value: PickleValue;
  /** Every class and function it names, once each. */
  readonly globals: readonly PickleGlobal[];
  /** Every reference to something outside it: PyTorch's storages. */
  readonly persistents: readonly PicklePersistent[];
  /** Byte after its end. */
  readonly end: number;
}

/**
 * Reads one pickle of any protocol, 0 to 5, and runs nothing of it.
 * Source: CPython's Lib/pickletools.py and Lib/pickle.py.
 * @param bytes may go on after the pickle
 * @param at where it starts
 * @param base what the first byte's position in the file is, for messages
 * @throws BadFile where it is damaged, cut short (`cut-short`), or asks for too much
 */
export function unpickle(bytes: Uint8Array, at = 0, base = 0): Unpickled {
  return new PickleMachine(new PickleReader(bytes, at, base)).run();
}

/** The stack machine that a pickle is a program for. */
export class PickleMachine {
  private readonly stack: PickleValue[] = [];
  /** Lengths of the stack at the marks. */
  private readonly marks: number[] = [];
  /** The last of them: what is below it belongs to somebody else. */
  private floor = 0;
  private readonly memo: PickleValue[] = [];
  private readonly sparseMemo = new Map<number, PickleValue>();
  private readonly globals = new Map<string, PickleGlobal>();
  private readonly persistents: PicklePersistent[] = [];
  private objects = 0;
  private stopped = false;

  constructor(readonly reader: PickleReader) {}

  run(): Unpickled {
    for (let count = 0; !this.stopped; count++) {
      if (count === mostPickleOperations)
        this.bad(`has more than ${mostPickleOperations} operations`);
      const code = this.reader.u8();
      const operation = operations[code];
      if (operation === undefined) this.bad(`has no operation ${code}`);
      operation(this);
    }
    const { persistents } = this;
    const globals = [...this.globals.values()];
    return { value: this.pop(), globals, persistents, end: this.reader.at };
  }

  stop(): void {
    this.stopped = true;
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= this.floor) this.bad('takes more from its stack than there is');
    return this.stack.pop() as PickleValue;
  }

  /** The last so many values, in their order. */
  popLast(count: number): PickleValue[] {
    const items = new Array<PickleValue>(count);
    for (let i = count - 1; i >= 0; i--) items[i] = this.pop();
    return items;
  }

  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  mark(): void {
    this.floor = this.stack.length;
    this.marks.push(this.floor);
  }

  /** @returns where the last mark was */
  private unmark(): number {
    const start = this.marks.pop();
    if (start === undefined) this.bad('has no mark where one is needed');
    this.floor = this.marks.at(-1) ?? 0;
    return start;
  }

  /** Everything since the last mark, which goes with it. */
  popMark(): PickleValue[] {
    return this.stack.splice(this.unmark());
  }

  /** `POP` takes a value, or a mark that is on top. */
  discard(): void {
    if (this.marks.length > 0 && this.floor === this.stack.length) this.unmark();
    else this.pop();
  }

  recall(index: number): void {
    const value = index < this.memo.length ? this.memo[index] : this.sparseMemo.get(index);
    if (value === undefined) this.bad(`recalls value ${index}, which it never stored`);
    this.push(value);
  }

  /** @param index absent is the next free one */
  store(index = this.memo.length + this.sparseMemo.size): void {
    const value = this.top();
    if (!(Number.isSafeInteger(index) && index >= 0)) this.bad('stores a value nowhere');
    if (index <= this.memo.length) this.memo[index] = value;
    else {
      this.count();
      this.sparseMemo.set(index, value);
    }
  }

  /** Counts objects that are about to be made. */
  private count(made = 1): void {
    this.objects += made;
    if (this.objects > mostPickleObjects) this.bad(`makes more than ${mostPickleObjects} objects`);
  }

  sequence(kind: PickleSequence['kind'], items: PickleValue[]): void {
    this.count();
    this.push(new PickleSequence(kind, items));
  }

  dict(items: readonly PickleValue[]): void {
    this.count();
    const dict = new PickleDict();
    this.push(dict);
    this.setAll(dict, items);
  }

  global(module: string, name: string): void {
    const key = `${module}\n${name}`;
    if (!this.knownGlobal(key)) {
      this.count();
      const global = new PickleGlobal(module, name);
      this.globals.set(key, global);
      this.push(global);
    }
  }

  /** Pushes a class that was named before. @param key its module, a line feed, its name */
  knownGlobal(key: string): boolean {
    const global = this.globals.get(key);
    if (global !== undefined) this.push(global);
    return global !== undefined;
  }

  /** Notes a call. @param args a tuple, or anything where the pickle is odd */
  call(callee: PickleValue, args: PickleValue): void {
    this.count();
    const items = args instanceof PickleSequence ? args.items : [args];
    this.push(new PickleCall(callee, items));
  }

  persistent(id: PickleValue): void {
    this.count();
    const persistent = new PicklePersistent(id);
    this.persistents.push(persistent);
    this.push(persistent);
  }

  /** Bytes or text of the pickle itself. */
  content(value: string | Uint8Array): void {
    this.count();
    this.push(value);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    let list: PickleValue[];
    if (target instanceof PickleSequence) list = target.items;
    else if (target instanceof PickleCall) list = target.ownAppended();
    else this.bad('appends to something that is no list');
    for (const item of items) list.push(item);
  }

  set(items: readonly PickleValue[]): void {
    const target = this.top();
    if (target instanceof PickleDict) this.setAll(target, items);
    else if (target instanceof PickleCall) this.setAll(target.ownContents(), items);
    else this.bad('sets items of something that is no dict');
  }

  build(state: PickleValue): void {
    const target = this.top();
    if (target instanceof PickleCall) target.state = state;
    else if (target instanceof PickleDict && state instanceof PickleDict) {
      // They are copied, and may be those of a dict that is copied again and again.
      this.count(state.entries.length);
      for (const entry of [...state.entries]) target.entries.push(entry);
    } else this.bad('gives a state to something that has none');
  }

  bad(what: string): never {
    refuse(
      'pickle-invalid',
      `its pickle ${what} (byte ${this.reader.position - 1}): it is damaged.`,
    );
  }

  private setAll({ entries }: PickleDict, items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0) this.bad('has a key without a value');
    for (let i = 0; i < items.length; i += 2) {
      entries.push([items[i] as PickleValue, items[i + 1] as PickleValue]);
    }
  }
}
