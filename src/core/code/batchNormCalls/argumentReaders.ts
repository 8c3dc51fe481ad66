import type { ParameterName } from '../../batchnorm/layer';
import type { Statement } from '../../batchnorm/statement';
import { axisOfDataFormat } from '../../text/runFileNames';
import type { Evaluation } from '../evaluation';
import type { ArgumentRole } from './roles';

/** Channels that a layer may be made with here: each has four numbers, which an inspection holds. */
const mostChannels = 1 << 20;

export const noChannelCount = `a number of channels is an integer from 1 to ${mostChannels}`;

function isChannelCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= mostChannels;
}

type Reader = (value: Evaluation) =>
  | (Omit<Statement, 'parameters'> & {
      readonly channels?: number;
      readonly fused?: boolean;
      readonly name?: string;
      /** Parameters that the layer does not have. */
      readonly without?: readonly ParameterName[];
    })
  | undefined;

function flag(value: Evaluation): boolean | undefined {
  if (value.kind === 'boolean') return value.value;
  return value.kind === 'number' && (value.value === 0 || value.value === 1)
    ? value.value === 1
    : undefined;
}

function flagReader(say: (on: boolean) => ReturnType<Reader>): Reader {
  return value => {
    const on = flag(value);
    return on === undefined ? undefined : say(on);
  };
}

function numberReader(say: (value: number) => ReturnType<Reader>): Reader {
  return value => (value.kind === 'number' ? say(value.value) : undefined);
}

/** What the value of an argument says, by its role; undefined where it is of another kind than is expected. */
export const readers: Readonly<Partial<Record<ArgumentRole, Reader>>> = {
  channels: numberReader(channels => (isChannelCount(channels) ? { channels } : undefined)),
  channelAxis: value => {
    const axis = value.kind === 'list' && value.items.length === 1 ? value.items[0] : value;
    return axis?.kind === 'number' && Number.isInteger(axis.value)
      ? { channelAxis: axis.value }
      : undefined;
  },
  dataFormat: value => {
    // Haiku also writes the others as points: `N...C`, `NC...`.
    const format = value.kind === 'string' ? value.value.replace('...', 'HW') : '';
    const channelAxis = axisOfDataFormat(format);
    return channelAxis === undefined ? undefined : { channelAxis };
  },
  momentum: value => {
    if (value.kind === 'nothing') return { momentum: null };
    return value.kind === 'number' ? { momentum: value.value } : undefined;
  },
  epsilon: numberReader(epsilon => ({ epsilon })),
  training: flagReader(training => ({ training })),
  evaluation: flagReader(evaluation => ({ training: !evaluation })),
  trainable: flagReader(trainable => ({ trainable })),
  tracking: flagReader(tracks => (tracks ? {} : { tracking: 'none' })),
  // An attribute that is set later: the statistics are there, and stay.
  moves: flagReader(moves => (moves ? {} : { tracking: 'frozen' })),
  // Without gamma and beta they are 1 and 0, as those of a fresh layer are.
  scale: flagReader(on => (on ? {} : { without: ['gamma'] })),
  center: flagReader(on => (on ? {} : { without: ['beta'] })),
  affine: flagReader(on => (on ? {} : { without: ['gamma', 'beta'] })),
  fused: flagReader(fused => ({ fused })),
  virtualBatchSize: numberReader(virtualBatchSize => ({ virtualBatchSize })),
  renorm: flagReader(renorms => (renorms ? { renorm: { clipping: {}, state: {} } } : {})),
  name: value => (value.kind === 'string' ? { name: value.value } : undefined),
};
