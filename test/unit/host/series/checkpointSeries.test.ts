import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../../../src/core/problem';
import { CheckpointSeries, mostMembers } from '../../../../src/host/series/checkpointSeries';
import { linesOf } from '../../../../src/host/series/seriesLines';
import { memoryCheckpoints, memoryMembers, type MemoryRun } from './memoryCheckpoints';

/** As many checkpoints, of which the third is cut. */
function seriesOf(count: number, run: MemoryRun): CheckpointSeries {
  const services = memoryCheckpoints({ cut: [3], ...run });
  return new CheckpointSeries(() => Promise.resolve(ok(memoryMembers(count))), services);
}

describe('CheckpointSeries', () => {
  it('reads, examines, and lists what cannot be read', async () => {
    const series = seriesOf(5, { sickFrom: 4 });
    await series.read();
    const { reading, steps, examined, leftOut } = series.view;
    expect(reading).toBeNull();
    expect(steps).toEqual([1, 2, 4, 5]);
    expect(leftOut.map(({ member, reason }) => [member.name, reason])).toEqual([
      ['step-3.pt', 'It is cut.'],
    ]);
    const [layer] = examined!.layers;
    expect(layer!.onsets.map(({ id, member }) => [id, member])).toEqual([
      ['non-finite-statistics', 2],
    ]);
    const lines = linesOf(layer!);
    expect(lines.channel).toBe(1);
    const [gamma, beta, , variance] = lines.parameters;
    expect([...gamma!.median]).toEqual([1, 1, 1, 1]);
    expect([...beta!.channel]).toEqual([1, 2, 4, 5]);
    expect([...variance!.greatest]).toEqual([3, 3, 2, 2]);
    expect([...variance!.nonFinite]).toEqual([0, 0, 1, 1]);
    expect(lines.found).toEqual([[], [], ['non-finite-statistics'], ['non-finite-statistics']]);
  });

  it('shows what was read when it is stopped', async () => {
    const series: CheckpointSeries = seriesOf(9, {
      sickFrom: 99,
      listing: uri => {
        if (uri === 'step-5.pt') series.stop();
      },
    });
    await series.read();
    expect(series.view.steps).toEqual([1, 2, 4]);
    expect(series.view.notes[0]).toMatch(/^Stopped after 4 of 9 checkpoints/);
  });

  it('reads so many evenly, and says which were not', async () => {
    const series = seriesOf(401, { sickFrom: 999 });
    await series.read();
    const { examined, leftOut } = series.view;
    const read = examined!.members.map(({ member }) => member.name);
    // The cut one is among those that were tried.
    expect(read.length).toBe(mostMembers - 1);
    expect(read[0]).toBe('step-1.pt');
    expect(read.at(-1)).toBe('step-401.pt');
    expect(leftOut).toHaveLength(202);
    expect(leftOut[0]!.reason).toMatch(/of 401 checkpoints 200 are/);
  });

  it('takes in what a run goes on to write, and reads nothing else again', async () => {
    const listed: string[] = [];
    const services = memoryCheckpoints({
      sickFrom: 4,
      listing: uri => void listed.push(uri),
    });
    let members = memoryMembers(3);
    const series = new CheckpointSeries(() => Promise.resolve(ok(members)), services);
    await series.read();
    const revision = series.revision;
    listed.length = 0;
    await series.follow();
    expect([series.revision, listed]).toEqual([revision, []]);
    // A new one, one that was written again, and one that is gone.
    members = memoryMembers(4).map((member, i) => (i === 1 ? { ...member, changed: 99 } : member));
    members = members.filter(({ name }) => name !== 'step-1.pt');
    await series.follow();
    expect(listed).toEqual(['step-2.pt', 'step-4.pt']);
    expect(series.view.steps).toEqual([2, 3, 4]);
    expect(series.view.examined?.layers[0]?.onsets.map(({ member }) => member)).toEqual([2]);
    listed.length = 0;
    await series.read();
    expect(listed).toHaveLength(3);
  });

  it('looks again at what could not be read, while it may be being written', async () => {
    const cut = [3];
    const services = memoryCheckpoints({ cut, sickFrom: 99 });
    const members = memoryMembers(3).map(member => ({ ...member, changed: 5_000 }));
    const series = new CheckpointSeries(() => Promise.resolve(ok(members)), services);
    await series.read();
    expect(series.view.steps).toEqual([1, 2]);
    expect([series.isUnsettled(6_000), series.isUnsettled(60_000)]).toEqual([true, false]);
    cut.length = 0;
    await series.follow(6_000);
    expect(series.view.steps).toEqual([1, 2, 3]);
    expect(series.isUnsettled(6_000)).toBe(false);
  });

  it('does not go on by itself when it was stopped', async () => {
    const series: CheckpointSeries = seriesOf(9, {
      sickFrom: 99,
      listing: uri => {
        if (uri === 'step-5.pt') series.stop();
      },
    });
    await series.read();
    await series.follow();
    expect(series.view.steps).toEqual([1, 2, 4]);
    await series.read().then(() => undefined);
    expect(series.view.notes[0]).toMatch(/^Stopped/);
  });

  it('says why there is nothing', async () => {
    const series = new CheckpointSeries(
      () => Promise.resolve(fail('none', 'None.')),
      memoryCheckpoints({ sickFrom: 1 }),
    );
    await series.read();
    expect(series.view.notes).toEqual(['None.']);
    expect(series.view.reading).toBeNull();
  });
});
