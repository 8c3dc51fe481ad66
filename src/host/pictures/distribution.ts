import {
  histogramRanges,
  rangeKinds,
  wholeRange,
  type ChannelRanges,
} from '../../core/batchnorm/histogramRange';
import { ok, type Result } from '../../core/problem';
import type { HistogramCounts } from '../../core/statistics/histogram';
import type { PicturesHostApi } from '../../protocol/pictures';
import {
  binChoices,
  type DistributionMark,
  type DistributionReply,
  type DistributionRequest,
} from '../../protocol/pictures/distribution';
import type { Handlers } from '../../protocol/rpc';
import { isIndex, type Fields } from '../guards';
import type { Shown } from '../inspection/shown';
import type { ShownResult, ShownTensors } from '../inspection/shownTensors';
import { answer } from './answer';
import type { HostPicture } from './hostPicture';

export const distributionPicture: HostPicture<'distribution'> = {
  title: 'Distribution',
  fresh: { scope: 'channel', bins: 32, range: 'robust', counts: 'linear' },
  parse: fields => {
    const bins = binChoices.find(choice => choice === fields.bins);
    const range = rangeKinds.find(kind => kind === fields.range);
    const { scope, counts } = fields;
    if (!bins || !range || (scope !== 'channel' && scope !== 'tensor')) return undefined;
    return counts === 'linear' || counts === 'log' ? { scope, bins, range, counts } : undefined;
  },
};

export function distributionHandlers(
  tensors: ShownTensors | undefined,
): Pick<Handlers<PicturesHostApi>, 'distribution'> {
  return { distribution: answer(tensors, parseRequest, count) };
}

function parseRequest({ scope, bins, range, channel }: Fields): DistributionRequest | undefined {
  const kind = rangeKinds.find(known => known === range);
  const choice = binChoices.find(known => known === bins);
  if (!kind || !choice || !isIndex(channel)) return undefined;
  if (scope !== 'channel' && scope !== 'tensor') return undefined;
  return { scope, bins: choice, range: kind, channel };
}

async function count(
  { scope, bins, range: kind, channel: asked }: DistributionRequest,
  { engine, input, output, signal, shown }: ShownResult,
): Promise<Result<DistributionReply>> {
  const { layer } = shown.inspection.present;
  const { trace } = shown.stepped;
  const extremes = await engine.extremes({ input, axis: layer.channelAxis }, { signal });
  if (!extremes.ok) return extremes;
  const channels = histogramRanges(trace, extremes.value, kind);
  const isChannel = scope === 'channel';
  const ranges: ChannelRanges = isChannel ? channels : wholeRange(channels);
  const axis = isChannel ? layer.channelAxis : null;
  const channel = isChannel ? Math.min(asked, trace.channels - 1) : 0;
  const counted = async (tensor: number): Promise<Result<HistogramCounts>> => {
    const request = { tensor, axis, range: { bins, ...ranges }, channel };
    const found = await engine.histogram(request, { signal });
    return found.ok ? ok(found.value.counts) : found;
  };
  const ofInput = await counted(input);
  if (!ofInput.ok) return ofInput;
  const ofOutput = await counted(output);
  if (!ofOutput.ok) return ofOutput;
  return ok({
    low: ranges.low[channel] as number,
    high: ranges.high[channel] as number,
    bins,
    input: ofInput.value,
    output: ofOutput.value,
    marks: isChannel ? marksOf(shown, channel) : [],
    masked: shown.input.mask !== undefined,
  });
}

function marksOf({ stepped }: Shown, c: number): DistributionMark[] {
  const { batch, movingMeanBefore, movingVarianceBefore, output } = stepped.trace;
  const std = (variances: Float64Array): number => Math.sqrt(variances[c] as number);
  return [
    { kind: 'batch', mean: batch.mean[c] as number, std: std(batch.variance) },
    { kind: 'moving', mean: movingMeanBefore[c] as number, std: std(movingVarianceBefore) },
    { kind: 'output', mean: output.mean[c] as number, std: output.std[c] as number },
  ];
}
