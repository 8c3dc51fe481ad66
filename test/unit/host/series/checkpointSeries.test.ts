import { describe, expect, it } from 'vitest';
import { defaultConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { fail, ok } from '../../../../src/core/problem';
import { CheckpointSeries, mostMembers } from '../../../../src/host/series/checkpointSeries';
import { linesOf } from '../../../../src/host/series/seriesLines';
import type { ChosenMember, ReadingServices } from '../../../../src/host/series/seriesReader';

function members(count: number): ChosenMember[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `step-${i + 1}.pt`;
    return { name, uri: name, changed: i };
  });
}

/** Files of one layer of two channels, whose moving variance is NaN from a step on. */
function files(sickFrom: number, listed: (uri: string) => void = () => undefined): ReadingServices {
  const stepOf = (uri: string): number => Number(/\d+/.exec(uri)?.[0]);
  const layer = { name: 'bn', channels: 2, convention: '', parameters: {}, stated: [], notes: [] };
  const contents = { format: '', bytes: 1, tensors: [], layers: [layer], notes: [], beside: [] };
  return {
    fallback: () => defaultConvention,
    files: {
      list: uri => {
        listed(uri);
        return Promise.resolve(uri === 'step-3.pt' ? fail('cut', 'It is cut.') : ok(contents));
      },
      layer: uri => {
        const sick = stepOf(uri) >= sickFrom;
        const parameters = {
          gamma: Float64Array.of(1, 1),
          beta: Float64Array.of(0, stepOf(uri)),
          movingMean: Float64Array.of(0.5, 0.25),
          movingVariance: Float64Array.of(2, sick ? NaN : 3),
        };
        return Promise.resolve(
          ok({ statement: { parameters }, channels: 2, notes: [], beside: [] }),
        );
      },
    },
  };
}

describe('CheckpointSeries', () => {
  it('reads, examines, and lists what cannot be read', async () => {
    const series = new CheckpointSeries(() => Promise.resolve(ok(members(5))), files(4));
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
    const series: CheckpointSeries = new CheckpointSeries(
      () => Promise.resolve(ok(members(9))),
      files(99, uri => {
        if (uri === 'step-5.pt') series.stop();
      }),
    );
    await series.read();
    expect(series.view.steps).toEqual([1, 2, 4]);
    expect(series.view.notes[0]).toMatch(/^Stopped after 4 of 9 checkpoints/);
  });

  it('reads so many evenly, and says which were not', async () => {
    const series = new CheckpointSeries(() => Promise.resolve(ok(members(401))), files(999));
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
    const series = new CheckpointSeries(() => Promise.resolve(fail('none', 'None.')), files(1));
    await series.read();
    expect(series.view.notes).toEqual(['None.']);
    expect(series.view.reading).toBeNull();
  });
});
