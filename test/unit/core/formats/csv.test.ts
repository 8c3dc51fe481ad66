import { describe, expect, it } from 'vitest';
import type { ElementRange, TensorCatalog } from '../../../../src/core/formats/catalog';
import { csv } from '../../../../src/core/formats/csv';
import { fakeSource } from './fakeSource';
import {
  entryOf,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';

const open = (text: string): Promise<TensorCatalog> =>
  csv.open(fakeSource('t.csv', new TextEncoder().encode(text)), services, never);

async function inputOf(text: string): Promise<{ shape: readonly number[]; values: number[] }> {
  const catalog = await open(text);
  return {
    shape: entryOf(catalog, 'input').shape,
    values: [...(await valuesOf(catalog, 'input'))],
  };
}

async function rangeOf(
  catalog: TensorCatalog,
  name: string,
  range: ElementRange,
): Promise<number[]> {
  const { content } = entryOf(catalog, name);
  if (content.kind === 'unreadable') throw new Error(content.reason);
  return [...(await content.read({ signal: never, range })).data];
}

describe('csv', () => {
  it('reads what pandas writes', async () => {
    const catalog = await openFixture(csv, 'csv/t.csv');
    expect(catalog.entries.map(({ name, shape }) => [name, shape])).toEqual([
      ['input', [5, 2]],
      ['a', [5]],
      ['b', [5]],
      ['n', [5]],
    ]);
    // pandas.read_csv('t.csv').b.values
    const b = [
      1.3575476285363848, 0.9164176216676382, 1.8587074673759287, 0.934053021922927,
      0.31538862151782704,
    ];
    expect([...(await valuesOf(catalog, 'b'))]).toEqual(b);
    expect([...(await valuesOf(catalog, 'input'))]).toEqual(b.flatMap((x, i) => [i, x]));
    expect(entryOf(catalog, 'n').content).toEqual({
      kind: 'unreadable',
      reason: 'line 2 has "x", which is no number',
    });
    expect(catalog.notes).toEqual(['Not part of "input": n.']);
  });

  it.each([
    ['commas', '1,2\n3,4\n'],
    ['no line break at the end', '1,2\n3,4'],
    ['the line breaks of Windows', '1,2\r\n3,4\r\n'],
    ['tabs', '1\t2\n3\t4\n'],
    ['semicolons', '1;2\n3;4\n'],
    ['blanks, as numpy.savetxt writes', '1.000e+00 2.000e+00\n3.000e+00 4.000e+00\n'],
    ['aligned blanks', '  1   2\n  3   4\n'],
    ['a comment and empty lines', '# a b\n\n1 2\n\n3 4\n'],
    ['quotes', '"1","2"\n"3","4"\n'],
    ['a byte order mark', '\ufeff1,2\n3,4\n'],
    ['a header', 'a,b\n1,2\n3,4\n'],
    ['a header with line breaks in quotes', '"a\nc",b\n1,2\n3,4\n'],
    ['row numbers of pandas', ',a,b\n0,1,2\n1,3,4\n'],
    ['column numbers of pandas', ',0,1\n0,1,2\n1,3,4\n'],
    ['a header of words and years', 'step,2020\n1,2\n3,4\n'],
    ['blanks after commas', '1, 2\n3, 4\n'],
  ])('reads a table with %s', async (_what, text) => {
    expect(await inputOf(text)).toEqual({ shape: [2, 2], values: [1, 2, 3, 4] });
  });

  it('reads decimal commas, and says so', async () => {
    const catalog = await open('a;b\n1,5;-2,25\n3;1e3\n');
    expect([...(await valuesOf(catalog, 'input'))]).toEqual([1.5, -2.25, 3, 1000]);
    expect(catalog.notes).toEqual(['Its decimal point is a comma.']);
  });

  it('says where its first row may be names of columns', async () => {
    const catalog = await open('0,1,2\n0.5,1.5,2.5\n');
    expect(entryOf(catalog, 'input').shape).toEqual([2, 3]);
    expect(catalog.notes).toEqual([expect.stringMatching(/^Its first row, 0, 1, 2, …,/)]);
    expect((await open('0,1,3\n0.5,1.5,2.5\n')).notes).toEqual([]);
    expect((await open('a,b\n0,1\n')).notes).toEqual([]);
    expect((await open('a,b\n0,1\n2,3\n')).notes).toEqual([]);
  });

  it('takes no comma between thousands for a decimal point', async () => {
    const catalog = await open('a\tb\n1,234\t1.5\n2,345\t2.5\n');
    expect([...(await valuesOf(catalog, 'input'))]).toEqual([1.5, 2.5]);
    expect(catalog.notes).toEqual(['Not part of "input": a.']);
  });

  it('keeps what is missing or infinite, and takes no other word for a number', async () => {
    const { values } = await inputOf('a,b,c\n1,,inf\nNA,nan,-Infinity\n3,null,4\n');
    expect(values).toEqual([1, NaN, Infinity, NaN, NaN, -Infinity, 3, NaN, 4]);
    const catalog = await open('a,b,c,d\n1,0x10,1_000,2024-01-01\n');
    expect(catalog.notes).toEqual(['Not part of "input": b, c, d.']);
  });

  it('keeps delimiters, quotes and inches within texts apart', async () => {
    const catalog = await open('n,v\n"a, ""b""\nc",1\n5" pipe,2\n');
    expect([...(await valuesOf(catalog, 'v'))]).toEqual([1, 2]);
  });

  it('reads one column, and columns of one name', async () => {
    expect(await inputOf('1\n2\n3\n')).toEqual({ shape: [3, 1], values: [1, 2, 3] });
    const catalog = await open('x,x,input\n1,2,3\n');
    expect(catalog.entries.map(({ name }) => name)).toEqual(['input', 'x', 'x (2)', 'input (2)']);
    expect([...(await valuesOf(catalog, 'x (2)'))]).toEqual([2]);
  });

  it('reads ranges of a file of many pieces, from the nearest place it knows', async () => {
    const rows = 300_000;
    const text = `# ${'x'.repeat(1_200_000)}\na,b\n${Array.from({ length: rows }, (_, i) => `${i},${-i}`).join('\n')}`;
    const source = fakeSource('t.csv', new TextEncoder().encode(text));
    const catalog = await csv.open(source, services, never);
    expect(entryOf(catalog, 'input').shape).toEqual([rows, 2]);
    expect(await rangeOf(catalog, 'input', { start: 0, count: 3 })).toEqual([0, 0, 1]);
    const before = source.bytesRead();
    const start = 2 * (rows - 2) + 1;
    expect(await rangeOf(catalog, 'input', { start, count: 2 })).toEqual([2 - rows, rows - 1]);
    expect(source.bytesRead() - before).toBeLessThan(2_200_000);
    expect(await rangeOf(catalog, 'b', { start: 123_456, count: 2 })).toEqual([-123_456, -123_457]);
    expect(await rangeOf(catalog, 'b', { start: rows, count: 0 })).toEqual([]);
    const all = await valuesOf(catalog, 'a');
    expect(all.every((x, i) => x === i)).toBe(true);
  });

  it('says so when the file has changed since it was listed', async () => {
    const bytes = new TextEncoder().encode('1,2\n3,4\n');
    const catalog = await csv.open(fakeSource('t.csv', bytes), services, never);
    bytes.set(new TextEncoder().encode('1234\n'));
    expect(await refusalOf(() => valuesOf(catalog, 'input'))).toMatch(/line 1 .*writing/);
  });

  it.each([
    ['nothing', '', /no column of numbers/],
    ['a header alone', 'a,b\n', /no column of numbers/],
    ['text', 'a,b\nc,d\n', /no column of numbers/],
    [
      'rows of different lengths',
      '1,2\n1,2\n1,2,3\n',
      /line 3 has 3 fields, and those before it 2/,
    ],
    ['a quote that is never closed', 'a,b\n"1,2\n3,4\n', /quote is open/],
    ['a line without an end', '1'.repeat(20_000_000), /more than 16777216 bytes/],
    ['an endless quote', `a,b\n"${'x\n'.repeat(2_000_000)}`, /goes on for 1048576/],
  ])('refuses %s', async (_what, text, message) => {
    expect(await refusalOf(() => open(text))).toMatch(message);
  });

  it('refuses UTF-16, and says what would be right', async () => {
    const source = fakeSource('t.csv', new Uint8Array([0xff, 0xfe, 0x31, 0]));
    expect(await refusalOf(() => csv.open(source, services, never))).toMatch(/save it as UTF-8/);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const source = fakeSource('t.csv', new TextEncoder().encode('1,2\n'));
    expect(await refusalOf(() => csv.open(source, services, controller.signal))).toBe('Cancelled.');
  });

  it('survives damage', () => surviveDamage(csv, 'csv/t.csv'));
});
