import { describe, expect, it } from 'vitest';
import { BadFile } from '../../../../../src/core/formats/badFile';
import { unpickle } from '../../../../../src/core/formats/pickle/machine';
import {
  PickleCall,
  PickleDict,
  PickleGlobal,
  PicklePersistent,
  PickleSequence,
  type PickleValue,
} from '../../../../../src/core/formats/pickle/values';
import { processorTime } from '../processorTime';

/** Latin-1 text and bytes, one after another. */
function pickled(...parts: (string | number | readonly number[])[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap(part =>
      typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [part].flat(),
    ),
  );
}

const valueOf = (...parts: Parameters<typeof pickled>): PickleValue =>
  unpickle(pickled(...parts)).value;

function refusal(bytes: Uint8Array): string {
  try {
    unpickle(bytes);
  } catch (error) {
    if (error instanceof BadFile) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

/** As plain arrays and objects, for comparison. */
function plain(value: PickleValue): unknown {
  if (value instanceof PickleSequence) return { [value.kind]: value.items.map(plain) };
  if (value instanceof PickleDict) return value.entries.map(entry => entry.map(plain));
  if (value instanceof PickleGlobal) return value.path;
  if (value instanceof PicklePersistent) return { persistent: plain(value.id) };
  if (!(value instanceof PickleCall)) return value;
  const { callee, args, state, contents, appended } = value;
  return {
    call: plain(callee),
    args: args.map(plain),
    ...(state !== undefined && { state: plain(state) }),
    ...(contents.entries.length > 0 && { contents: plain(contents) }),
    ...(appended.length > 0 && { appended: appended.map(plain) }),
  };
}

describe('a pickle', () => {
  it.each<[string, Parameters<typeof pickled>, unknown]>([
    ['nothing', ['N.'], null],
    ['truth', ['\x80\x02\x88.'], true],
    ['a boolean of protocol 0', ['I01\n.'], true],
    ['an integer of protocol 0', ['I-12\n.'], -12],
    ['a long of protocol 0', ['L123456789012345678901L\n.'], 123456789012345678901n],
    [
      'integers of 1, 2 and 4 bytes',
      ['(K\xffM\xff\xffJ\xff\xff\xff\xfft.'],
      { tuple: [255, 65535, -1] },
    ],
    ['a long of one byte', ['\x80\x02\x8a\x01\xff.'], -1],
    ['a long of nothing', ['\x80\x02\x8a\x00.'], 0],
    ['a long of nine bytes', ['\x80\x02\x8a\x09', [0, 0, 0, 0, 0, 0, 0, 0, 1], '.'], 2n ** 64n],
    ['a float of protocol 0', ['F-1.5e3\n.'], -1500],
    ['a float', ['G', [0xbf, 0xf8, 0, 0, 0, 0, 0, 0], '.'], -1.5],
    ['text', ['X\x03\x00\x00\x00\xe2\x82\xac.'], '€'],
    ['short text', ['\x8c\x02ab.'], 'ab'],
    ['text of protocol 0', ['Va\\u20acb\n.'], 'a€b'],
    ['a string of protocol 0', ["S'a\\n\\x41\\''\n."], "a\nA'"],
    ['a string of Python 2', ['U\x02\xe9a.'], 'éa'],
    ['bytes', ['C\x02\x01\x02.'], Uint8Array.of(1, 2)],
    [
      'tuples',
      [')K\x01\x85K\x01K\x02\x86\x87.'.replace(')', ')')],
      { tuple: [{ tuple: [] }, { tuple: [1] }, { tuple: [1, 2] }] },
    ],
    ['a list', ['](K\x01K\x02ea.'.replace('a.', '.')], { list: [1, 2] }],
    ['a list by single items', [']K\x01aK\x02a.'], { list: [1, 2] }],
    [
      'a dict',
      ['}(U\x01aK\x01U\x01bK\x02u.'],
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['a dict by single items', ['}U\x01aK\x01s.'], [['a', 1]]],
    ['a dict of protocol 0', ['(U\x01aK\x01d.'], [['a', 1]]],
    ['sets', ['\x80\x04\x8f(K\x01\x90.'], { set: [1] }],
    ['a frozen set', ['\x80\x04(K\x01K\x02\x91.'], { set: [1, 2] }],
    ['a class', ['cos\nsystem\n.'], 'os.system'],
    ['a class by the stack', ['\x80\x04\x8c\x02os\x8c\x06system\x93.'], 'os.system'],
    ['a call', ['cos\nsystem\n(U\x01atR.'], { call: 'os.system', args: ['a'] }],
    ['a new object', ['ca\nB\n)\x81.'], { call: 'a.B', args: [] }],
    ['a new object with keywords', ['\x80\x04ca\nB\n)}\x92.'], { call: 'a.B', args: [] }],
    ['an instance of protocol 0', ['(K\x01ia\nB\n.'], { call: 'a.B', args: [1] }],
    ['an instance of protocol 1', ['(ca\nB\nK\x01o.'], { call: 'a.B', args: [1] }],
    ['a state', ['ca\nB\n)\x81}U\x01xK\x01sb.'], { call: 'a.B', args: [], state: [['x', 1]] }],
    [
      'items of an object',
      ['ca\nB\n)R(U\x01xK\x01u(K\x02e.'],
      { call: 'a.B', args: [], contents: [['x', 1]], appended: [2] },
    ],
    ['a persistent id', ['U\x01xQ.'], { persistent: 'x' }],
    ['a persistent id of protocol 0', ['Px\n.'], { persistent: 'x' }],
    ['what is stored and recalled', ['U\x01xq\x000h\x00.'], 'x'],
    ['nothing, recalled', ['Nq\x000h\x00.'], null],
    ['what is memoized', ['\x80\x04\x8c\x01x\x940h\x00.'], 'x'],
    ['what protocol 0 stores', ['I7\np99\n0g99\n.'], 7],
    ['a duplicate', ['K\x01K\x0220\x86.'], { tuple: [1, 2] }],
    ['a discarded mark', ['K\x01(0.'], 1],
    ['what is discarded to a mark', ['K\x01(K\x02K\x031.'], 1],
    ['frames', ['\x80\x04\x95', [1, 0, 0, 0, 0, 0, 0, 0], 'N.'], null],
    ['a byte array', ['\x80\x05\x96', [2, 0, 0, 0, 0, 0, 0, 0, 8, 9], '.'], Uint8Array.of(8, 9)],
    ['an extension', ['\x82\x07.'], 'copyreg.extension 7'],
  ])('may be %s', (_what, parts, wanted) => {
    expect(plain(valueOf(...parts))).toEqual(wanted);
  });

  it('says where it ends, and what it refers to', () => {
    const { end, globals } = unpickle(pickled('ca\nB\nca\nB\n\x86.rest'));
    expect(end).toBe(12);
    expect(globals.map(({ path }) => path)).toEqual(['a.B']);
  });

  it('may contain itself', () => {
    const list = valueOf(']q\x00h\x00a.') as PickleSequence;
    expect(list.items[0]).toBe(list);
  });

  it('takes any key for a key', () => {
    const dict = valueOf('}U\x09__proto__K\x01sU\x09__proto__K\x02s.') as PickleDict;
    expect(dict.get('__proto__')).toBe(2);
    expect(dict.get('toString')).toBeUndefined();
  });

  it.each<[string, Uint8Array]>([
    ['nothing', pickled('')],
    ['no end', pickled('N')],
    ['an empty stack', pickled('.')],
    ['an operation that nobody has defined', pickled('\xff.')],
    ['a mark that is not there', pickled('t.')],
    ['what lies below a mark', pickled('N(\x85.')],
    ['a list that is none', pickled('NNa.')],
    ['a dict that is none', pickled('NNNs.')],
    ['a key without a value', pickled('}(Nu.')],
    ['a state of a number', pickled('K\x01Nb.')],
    ['a class by numbers', pickled('K\x01K\x02\x93.')],
    ['a value that was not stored', pickled('h\x07.')],
    ['a negative index', pickled('Np-1\n0g-1\n.')],
    ['bytes of 2^60', pickled('\x8e', [0, 0, 0, 0, 0, 0, 0, 0x10], '.')],
    ['bytes of 2^64', pickled('\x8e', new Array<number>(8).fill(255), '.')],
    ['a string of negative length', pickled('T\xff\xff\xff\xff.')],
    ['a long of 256 MB', pickled('\x8b\x00\x00\x00\x10.')],
    ['a long of 5000 bytes', pickled('\x8b\x88\x13\x00\x00', new Array<number>(5000).fill(1), '.')],
    ['an integer of 5000 digits', pickled(`L${'9'.repeat(5000)}L\n.`)],
    ['an integer that is code', pickled('Iexit()\n.')],
    ['arrays in other places', pickled('\x80\x05\x97.')],
    ['a line without an end', pickled(`S${'a'.repeat(2_000_000)}`)],
    ['five million objects', new Uint8Array(5_000_000).fill(0x5d)],
    [
      'a dict that is given to itself again and again',
      pickled(
        '}q\x00(',
        ...Array.from({ length: 100 }, (_, i) => ['K', i, 'N']).flat(),
        'u',
        'h\x00b'.repeat(30),
      ),
    ],
    ['ten million operations', new Uint8Array(10_000_001).fill(0x4e)],
  ])('with %s is refused', (_what, bytes) => {
    const milliseconds = processorTime();
    expect(refusal(bytes)).not.toBe('nothing was refused');
    expect(milliseconds()).toBeLessThan(4000);
  });
});
