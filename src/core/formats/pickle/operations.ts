import { decodeEscapes, quotedText, wholeNumber } from './text';
import type { PickleMachine } from './machine';
import { PickleGlobal, type PickleValue } from './values';
import { decodeLatin1 } from '../decodeText';

type Operation = (machine: PickleMachine) => void;

/** Bytes of an integer written out; nobody stores larger ones than these for a reason. */
const mostLongBytes = 1024;

/** Bytes of a line of protocol 0. */
const mostLineBytes = 1 << 20;

function line({ reader }: PickleMachine): string {
  return reader.line(mostLineBytes);
}

function bytes(length: (machine: PickleMachine) => number): Operation {
  return machine => machine.content(machine.reader.slice(length(machine)));
}

function text(length: (machine: PickleMachine) => number): Operation {
  return machine => machine.content(machine.reader.utf8(length(machine)));
}

/** Python 2's strings: bytes that PyTorch means as text. */
function latin1(length: (machine: PickleMachine) => number): Operation {
  return machine => {
    const slice = machine.reader.slice(length(machine));
    machine.content(decodeLatin1(slice));
  };
}

/** A two's complement integer, little-endian: a number where that is exact. */
function long(machine: PickleMachine, length: number): void {
  if (length > mostLongBytes) machine.bad(`has an integer of ${length} bytes`);
  const digits = machine.reader.slice(length);
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i] as number);
  if (length > 0 && (digits[length - 1] as number) >= 0x80) value -= 1n << BigInt(8 * length);
  machine.push(exact(value));
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A count that is stored in four bytes with a sign. */
function length32(machine: PickleMachine): number {
  const length = machine.reader.i32();
  return length >= 0 ? length : machine.bad('has a length below 0');
}

function tuple(count: number): Operation {
  return machine => machine.sequence('tuple', machine.popLast(count));
}

function constant(value: PickleValue): Operation {
  return machine => machine.push(value);
}

function call(machine: PickleMachine): void {
  const args = machine.pop();
  machine.call(machine.pop(), args);
}

/** Instances of protocol 0 and 1: the class stands in the pickle, or first on the stack. */
function instance(machine: PickleMachine, callee: PickleValue, args: PickleValue[]): void {
  machine.sequence('tuple', args);
  machine.call(callee, machine.pop());
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.set([key, value]);
}

/** A class by its module and its name, a line each: usually one of a few. */
function global(machine: PickleMachine): void {
  const { at } = machine.reader;
  const both = machine.reader.twoLines();
  if (both !== undefined && machine.knownGlobal(both)) return;
  machine.reader.at = at;
  machine.global(line(machine), line(machine));
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string')
    machine.bad('names a class by no text');
  machine.global(module, name);
}

const u8 = ({ reader }: PickleMachine): number => reader.u8();
const u32 = ({ reader }: PickleMachine): number => reader.u32();
const size64 = ({ reader }: PickleMachine): number => reader.size64();

const table: Readonly<Record<string, Operation>> = {
  '(': machine => machine.mark(),
  '.': machine => machine.stop(),
  '0': machine => machine.discard(),
  '1': machine => void machine.popMark(),
  '2': machine => machine.push(machine.top()),
  F: machine => machine.push(Number(line(machine))),
  I: machine => machine.push(wholeNumber(line(machine), machine)),
  J: machine => machine.push(machine.reader.i32()),
  K: machine => machine.push(machine.reader.u8()),
  L: machine => machine.push(wholeNumber(line(machine).replace(/L$/, ''), machine)),
  M: machine => machine.push(machine.reader.u16()),
  N: constant(null),
  P: machine => machine.persistent(line(machine)),
  Q: machine => machine.persistent(machine.pop()),
  R: call,
  S: machine => machine.content(quotedText(line(machine))),
  T: latin1(length32),
  U: latin1(u8),
  V: machine => machine.content(decodeEscapes(line(machine))),
  X: text(u32),
  a: machine => machine.append([machine.pop()]),
  b: machine => machine.build(machine.pop()),
  c: global,
  d: machine => machine.dict(machine.popMark()),
  e: machine => machine.append(machine.popMark()),
  g: machine => machine.recall(Number(line(machine))),
  h: machine => machine.recall(machine.reader.u8()),
  i: machine => {
    const callee = new PickleGlobal(line(machine), line(machine));
    machine.global(callee.module, callee.name);
    instance(machine, machine.pop(), machine.popMark());
  },
  j: machine => machine.recall(machine.reader.u32()),
  l: machine => machine.sequence('list', machine.popMark()),
  o: machine => {
    const [callee = null, ...args] = machine.popMark();
    instance(machine, callee, args);
  },
  p: machine => machine.store(Number(line(machine))),
  q: machine => machine.store(machine.reader.u8()),
  r: machine => machine.store(machine.reader.u32()),
  s: setItem,
  t: machine => machine.sequence('tuple', machine.popMark()),
  u: machine => machine.set(machine.popMark()),
  '}': machine => machine.dict([]),
  ']': machine => machine.sequence('list', []),
  ')': machine => machine.sequence('tuple', []),
  G: machine => machine.push(machine.reader.f64BigEndian()),
  B: bytes(u32),
  C: bytes(u8),
  '\x80': machine => machine.reader.skip(1),
  '\x81': call,
  '\x82': machine => machine.global('copyreg', `extension ${machine.reader.u8()}`),
  '\x83': machine => machine.global('copyreg', `extension ${machine.reader.u16()}`),
  '\x84': machine => machine.global('copyreg', `extension ${machine.reader.u32()}`),
  '\x85': tuple(1),
  '\x86': tuple(2),
  '\x87': tuple(3),
  '\x88': constant(true),
  '\x89': constant(false),
  '\x8a': machine => long(machine, machine.reader.u8()),
  '\x8b': machine => long(machine, length32(machine)),
  '\x8c': text(u8),
  '\x8d': text(size64),
  '\x8e': bytes(size64),
  '\x8f': machine => machine.sequence('set', []),
  '\x90': machine => machine.append(machine.popMark()),
  '\x91': machine => machine.sequence('set', machine.popMark()),
  '\x92': machine => {
    machine.pop(); // keyword arguments
    call(machine);
  },
  '\x93': stackGlobal,
  '\x94': machine => machine.store(),
  '\x95': machine => machine.reader.skip(8),
  '\x96': bytes(size64),
  '\x97': machine => machine.bad('has its arrays in other places'),
  '\x98': () => undefined,
};

/** What each opcode does, by its byte. */
export const operations: readonly (Operation | undefined)[] = Array.from(
  { length: 256 },
  (_, code) =>
    Object.hasOwn(table, String.fromCharCode(code)) ? table[String.fromCharCode(code)] : undefined,
);
