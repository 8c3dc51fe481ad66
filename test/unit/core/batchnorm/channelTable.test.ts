import { describe, expect, it } from 'vitest';
import { orderChannels } from '../../../../src/core/batchnorm/channelOrder';
import {
  channelRows,
  channelTable,
  type ChannelColumn,
  type ChannelTable,
} from '../../../../src/core/batchnorm/channelTable';
import { diagnose } from '../../../../src/core/batchnorm/diagnose/registry';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { step } from '../../../../src/core/batchnorm/step';
import { histogramBins } from '../../../../src/core/statistics/channels';
import { seedLayer, tensor, unwrap } from './seed';

const channels = 6;
const flags = { training: false, trainable: true };
const vector = (...values: number[]): Float64Array => Float64Array.from(values);

/** Six channels: 1 has a NaN moving mean, 2 a gamma of 0, 3 a variance below 0, 4 an infinite input. */
function sickTable(): ChannelTable {
  const layer: BatchNormLayer = seedLayer('keras3', {
    gamma: vector(1, 2, 0, 1, 1, 0.1),
    beta: vector(0, 0, 0, 0, 0, 0),
    movingMean: vector(0.5, NaN, 0.5, 0.5, 0.5, 9),
    movingVariance: vector(0.5, 0.5, 0.5, -1, 0.5, 0.5),
    channelAxis: 1,
  });
  const rows = Array.from({ length: 32 }, (_, i) =>
    Array.from({ length: channels }, (__, c) => (c === 4 && i === 0 ? Infinity : i % 2)),
  );
  const { trace } = unwrap(step(layer, tensor([32, channels], rows.flat()), flags));
  return channelTable(layer, trace, diagnose({ layer, trace, rank: 2, flags }));
}

const table = sickTable();
const order = (filter: string, sort: ChannelColumn = 'channel', descending = false): number[] =>
  Array.from(orderChannels(table, { sort, descending, filter }).channels);
const problem = (filter: string): string =>
  orderChannels(table, { sort: 'channel', descending: false, filter }).filterProblem;

describe('sorting', () => {
  it('takes every column both ways', () => {
    expect(order('', 'gamma')).toEqual([2, 5, 0, 3, 4, 1]);
    expect(order('', 'gamma', true)).toEqual([1, 0, 3, 4, 5, 2]);
    expect(order('', 'channel', true)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(order('', 'beta', true)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order('', 'movingVariance')).toEqual([3, 0, 1, 2, 4, 5]);
    expect(order('', 'movingMean')).toEqual([0, 2, 3, 4, 5, 1]);
    expect(order('', 'batchMean')).toEqual([0, 1, 2, 3, 5, 4]);
  });

  it('puts NaN above every number, and infinity below it', () => {
    expect(order('', 'drift', true)).toEqual([1, 3, 4, 5, 0, 2]);
    expect(order('', 'drift')).toEqual([0, 2, 5, 4, 1, 3]);
    expect(order('', 'batchVariance', true)[0]).toBe(4);
  });

  it('treats an output that is not finite throughout as the largest', () => {
    expect(order('', 'output', true).slice(0, 3)).toEqual([1, 3, 4]);
  });

  it('puts the worst health on top of a descending column', () => {
    expect(order('', 'health', true)).toEqual([1, 3, 4, 2, 5, 0]);
  });
});

describe('filtering', () => {
  const cases: readonly (readonly [filter: string, channels: readonly number[]])[] = [
    ['', [0, 1, 2, 3, 4, 5]],
    ['3', [3]],
    ['2-4', [2, 3, 4]],
    ['4 - 2', [2, 3, 4]],
    ['1,4-5', [1, 4, 5]],
    ['1, 4', [1, 4]],
    ['1 4', [1, 4]],
    ['error', [1, 3, 4]],
    ['warning', [2, 5]],
    ['note', []],
    ['healthy', [0]],
    ['ok', [0]],
    ['error,warning', [1, 2, 3, 4, 5]],
    ['Healthy', [0]],
    ['zero-gamma', [2]],
    ['negative-variance, drift', [3, 5]],
    ['constant-channel', []],
    ['nan', [1, 3, 4]],
    ['inf', [4]],
    ['drift>1', [4, 5]],
    ['drift > 1', [4, 5]],
    ['variance<0.01', [3]],
    ['gamma=0', [2]],
    ['gamma=0.1', [5]],
    ['gamma!=1', [1, 2, 5]],
    ['gamma>=1 gamma<=1', [0, 3, 4]],
    ['mean=nan', [1]],
    ['moving_mean == nan', [1]],
    ['batch-mean=inf', [4]],
    ['channel>=4', [4, 5]],
    ['n<32', []],
    ['variance=-1', [3]],
    ['drift>1e0 3-5', [4, 5]],
    ['error 0-2', [1]],
    ['1,healthy', [0, 1]],
  ];

  it.each(cases)('%j', (filter, expected) => {
    expect(order(filter)).toEqual(expected);
    expect(problem(filter)).toBe('');
  });

  it('names what it does not understand and goes on with the rest', () => {
    for (const nonsense of [
      'blah',
      'drift>',
      '>1',
      'drift>x',
      'constructor',
      'toString>1',
      '3..4',
    ]) {
      expect(problem(nonsense)).toContain(`“${nonsense.toLowerCase()}” is not understood`);
      expect(order(nonsense)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(order(`2,${nonsense}`)).toEqual([2]);
    }
  });

  it('says which channels there are when asked for another', () => {
    expect(problem('17')).toBe('There is no channel 17: the layer has channels 0 to 5.');
    expect(order('17')).toEqual([]);
  });

  it('sorts what it lets through', () => {
    expect(order('error,warning', 'health', true)).toEqual([1, 3, 4, 2, 5]);
  });

  it('finds a finding about the layer as a whole in every channel', () => {
    const layer = seedLayer('keras3', { channelAxis: 1 });
    const on = { training: true, trainable: true };
    const { trace } = unwrap(step(layer, tensor([3, 4], [...Array(12).keys()]), on));
    const findings = diagnose({ layer, trace, rank: 2, flags: on });
    expect(findings.map(finding => finding.id)).toContain('few-values');
    const query = { sort: 'channel', descending: false, filter: 'few-values' } as const;
    expect(orderChannels(channelTable(layer, trace, findings), query).channels.length).toBe(4);
  });
});

describe('rows', () => {
  it('hold the exact numbers of the channels in the order given', () => {
    const rows = channelRows(table, Uint32Array.of(5, 2, 1), 1, 5);
    expect(Array.from(rows.channel)).toEqual([2, 1]);
    expect(rows.start).toBe(1);
    expect(Array.from(rows.gamma)).toEqual([0, 2]);
    expect(Array.from(rows.movingMeanBefore)).toEqual([0.5, NaN]);
    expect(Array.from(rows.movingMeanAfter)).toEqual([0.5, NaN]);
    expect(Array.from(rows.n)).toEqual([32, 32]);
    expect(Array.from(rows.batchVariance)).toEqual([0.25, 0.25]);
    expect(Array.from(rows.varianceRatio)).toEqual([0.5, 0.5]);
    expect(Array.from(rows.outputNan)).toEqual([0, 32]);
    expect(rows.histogram.length).toBe(2 * histogramBins);
    expect(rows.histogram[0]).toBe(32);
    const worst = Array.from(rows.finding, index => table.findings[index]?.id);
    expect(worst).toEqual(['zero-gamma', 'non-finite-statistics']);
  });

  it('mark a healthy channel with −1', () => {
    expect(Array.from(channelRows(table, Uint32Array.of(0), 0, 1).finding)).toEqual([-1]);
  });

  it('end where the order ends', () => {
    expect(channelRows(table, Uint32Array.of(0, 1), 2, 10).channel.length).toBe(0);
  });

  it('own their buffers, so that sending them sends nothing else', () => {
    const rows = channelRows(table, Uint32Array.of(0, 1, 2), 1, 1);
    expect(rows.channel.buffer.byteLength).toBe(4);
    expect(rows.gamma.buffer.byteLength).toBe(8);
    expect(rows.finding.buffer.byteLength).toBe(4);
  });
});
