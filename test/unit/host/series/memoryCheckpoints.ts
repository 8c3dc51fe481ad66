import { defaultConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { fail, ok } from '../../../../src/core/problem';
import type { ChosenMember, ReadingServices } from '../../../../src/host/series/seriesReader';

/** `step-1.pt` to as many. */
export function memoryMembers(count: number): ChosenMember[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `step-${i + 1}.pt`;
    return { name, uri: name, changed: i };
  });
}

export interface MemoryRun {
  /** Layers of two channels: `bn0` to as many. */
  readonly layers?: number;
  /** The step from which on the moving variance of channel 1 is NaN, in the last layer. */
  readonly sickFrom: number;
  /** Steps whose file cannot be read. */
  readonly cut?: readonly number[];
  /** Awaited before a file is listed. */
  readonly listing?: (uri: string) => Promise<void> | void;
}

/** Checkpoints that are on no disk. */
export function memoryCheckpoints({
  layers = 1,
  sickFrom,
  cut = [],
  listing = () => undefined,
}: MemoryRun): ReadingServices {
  const stepOf = (uri: string): number => Number(/\d+/.exec(uri)?.[0]);
  const names = Array.from({ length: layers }, (_, i) => `bn${i}`);
  const rest = { channels: 2, convention: '', parameters: {}, stated: [], notes: [] };
  const listed = names.map(name => ({ name, ...rest }));
  const contents = { format: '', bytes: 1, tensors: [], layers: listed, notes: [], beside: [] };
  return {
    fallback: () => defaultConvention,
    files: {
      list: async uri => {
        await listing(uri);
        return cut.includes(stepOf(uri)) ? fail('cut', 'It is cut.') : ok(contents);
      },
      layer: (uri, name) => {
        const isSick = stepOf(uri) >= sickFrom && name === names.at(-1);
        const parameters = {
          gamma: Float64Array.of(1, 1),
          beta: Float64Array.of(0, stepOf(uri)),
          movingMean: Float64Array.of(0.5, 0.25),
          movingVariance: Float64Array.of(2, isSick ? NaN : 3),
        };
        return Promise.resolve(
          ok({ statement: { parameters }, channels: 2, notes: [], beside: [] }),
        );
      },
    },
  };
}
