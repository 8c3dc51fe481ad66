import { describe, expect, it } from 'vitest';
import { examineSeries } from '../../../../src/host/series/examineSeries';
import { readMember, type ReadMember } from '../../../../src/host/series/seriesReader';
import { memoryCheckpoints, memoryMembers } from './memoryCheckpoints';

const { signal } = new AbortController();

async function readAll(count: number, sickFrom: number): Promise<readonly ReadMember[]> {
  const services = memoryCheckpoints({ layers: 2, sickFrom });
  const read: ReadMember[] = [];
  for (const member of memoryMembers(count)) {
    const one = await readMember(member, services, { numbers: 1e6 }, signal);
    if (one) read.push(one);
  }
  return read;
}

describe('examineSeries', () => {
  it('puts the layer that went bad before the one that did not', async () => {
    const examined = await examineSeries(await readAll(4, 3), signal);
    expect(examined?.layers.map(({ name, onsets }) => [name, onsets[0]?.member])).toEqual([
      ['bn1', 2],
      ['bn0', undefined],
    ]);
    expect(examined?.areRanks).toBe(false);
  });

  it('keeps a place for a checkpoint that lacks a layer', async () => {
    const [first, second, third] = await readAll(3, 99);
    const without = { ...second!, layers: second!.layers.slice(0, 1) };
    const examined = await examineSeries([first!, without, third!], signal);
    const sparse = examined?.layers.find(({ name }) => name === 'bn1');
    expect(sparse?.members.map(layer => layer !== undefined)).toEqual([true, false, true]);
  });

  it('says so where they are ranks of one step', async () => {
    const read = await readAll(2, 99);
    const ranks = read.map((one, i) => ({
      ...one,
      member: { ...one.member, name: `rank${i}.pt` },
    }));
    expect((await examineSeries(ranks, signal))?.areRanks).toBe(true);
  });
});

describe('readMember', () => {
  it('reads nothing that there is no room for, and says so', async () => {
    const [member] = memoryMembers(1);
    const services = memoryCheckpoints({ layers: 2, sickFrom: 99 });
    const room = { numbers: 15 };
    const read = await readMember(member!, services, room, signal);
    expect(read?.layers).toEqual([]);
    expect(read?.problem).toMatch(/more than 32 million numbers/);
    expect(room.numbers).toBe(15);
  });

  it('takes what it reads from the room', async () => {
    const [member] = memoryMembers(1);
    const room = { numbers: 20 };
    await readMember(member!, memoryCheckpoints({ layers: 2, sickFrom: 99 }), room, signal);
    expect(room.numbers).toBe(4);
  });
});
