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
