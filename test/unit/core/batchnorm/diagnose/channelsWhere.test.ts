import { describe, expect, it } from 'vitest';
import {
  channelsWhere,
  nameChannels,
  worstOf,
} from '../../../../../src/core/batchnorm/diagnose/channelsWhere';

describe('nameChannels', () => {
  it.each([
    [[3], 8, 'channel 3'],
    [[0], 1, 'channel 0'],
    [[1, 2], 8, 'channels 1 and 2'],
    [[1, 2, 5], 8, 'channels 1, 2 and 5'],
    [[0, 1, 2, 3], 4, 'all 4 channels'],
    [[0, 3, 7, 8, 9, 11], 64, '6 channels (0, 3, 7, 8, 9, …)'],
  ])('%j of %i: %s', (found, of, name) => {
    expect(nameChannels(found, of)).toBe(name);
  });
});

it('channelsWhere lists channels in order', () => {
  expect(channelsWhere(5, c => c % 2 === 0)).toEqual([0, 2, 4]);
});

it('worstOf takes the first of equals', () => {
  expect(worstOf([1, 4, 6], c => [0, 5, 0, 0, 9, 0, 9][c] as number)).toBe(4);
});
