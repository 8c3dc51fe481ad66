import { describe, expect, it } from 'vitest';
import type { Hdf5File, Hdf5Link } from '../../../../../src/core/formats/hdf5/library';
import { walkTree } from '../../../../../src/core/formats/hdf5/tree';

/** A file of so many groups with so many soft links each, and the numbers of links that calls came to. */
function fileOf(
  groups: number,
  links: number,
): { readonly file: Hdf5File; readonly calls: number[] } {
  const calls: number[] = [];
  const numbered = (count: number, kind: Hdf5Link['kind']): Hdf5Link[] =>
    Array.from({ length: count }, (_, i) => ({ name: `${kind}_${i}`, kind }));
  const unused = (): never => {
    throw new Error('not asked for');
  };
  const file: Hdf5File = {
    links: paths => {
      const listed = paths.map(path =>
        path === '/' ? numbered(groups, 'group') : numbered(links, 'soft'),
      );
      calls.push(listed.flat().length);
      return listed;
    },
    datasets: () => [],
    attributeNames: unused,
    textAttribute: unused,
    read: unused,
    letOthersIn: () => Promise.resolve(),
    close: unused,
  };
  return { file, calls };
}

describe('walkTree', () => {
  it('lists many small groups in few calls', async () => {
    const { file, calls } = fileOf(400, 3);
    const tree = await walkTree(file, new AbortController().signal);
    expect(tree.links).toHaveLength(1200);
    expect(tree.links[0]?.path).toBe('/group_0/soft_0');
    expect(calls.length).toBeLessThan(15);
  });

  it('lists large groups a few at a time: a call has a limit', async () => {
    const { file, calls } = fileOf(60, 1500);
    const tree = await walkTree(file, new AbortController().signal);
    expect(tree.links).toHaveLength(90_000);
    expect(Math.max(...calls)).toBeLessThan(10_000);
  });

  it('tells members of one name apart, as a damaged group may have them', async () => {
    const { file } = fileOf(0, 0);
    const twice: Hdf5File = {
      ...file,
      links: () => [
        [
          { name: 'x', kind: 'dataset' },
          { name: 'x', kind: 'dataset' },
        ],
      ],
    };
    const tree = await walkTree(twice, new AbortController().signal);
    expect(tree.links).toEqual([{ path: '/x (2)', reason: 'a second x in its group' }]);
  });
});
