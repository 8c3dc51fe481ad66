import { ok, type Result } from '../core/problem';
import { emptySummaries, type ChannelExtremes } from '../core/statistics/channels';
import type { ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import type { InputKnowledge, LiveInput } from './liveTensors';
import { detailsOf, statisticsOf } from './measureInput';
import { Slices } from './slices';
import { summarizeUnknown } from './summarizeUnknown';
import type { Tensor } from './tensorflow';

/**
 * The extremes of an input's finite elements as float32, channel by channel. A step has measured them already where all
 * are finite; other channels are looked at once more, and remembered.
 */
export async function inputExtremes(
  input: LiveInput,
  layout: ChannelLayout,
  axis: number,
  signal: AbortSignal,
): Promise<Result<ChannelExtremes>> {
  const float32 = input.asFloat32();
  if (!float32.ok) return float32;
  const x = float32.value;
  const knowledge = await statisticsOf(input, x, layout, axis, signal);
  if (!knowledge.ok) return knowledge;
  const measured = await detailsOf(x, layout, knowledge.value, signal);
  if (!measured.ok) return measured;
  const known = knowledge.value.extremes;
  const found = known ? ok(known) : await finiteExtremes(x, layout, knowledge.value, signal);
  if (found.ok) knowledge.value.extremes = found.value;
  return found;
}

async function finiteExtremes(
  x: Tensor,
  layout: ChannelLayout,
  { statistics }: InputKnowledge,
  signal: AbortSignal,
): Promise<Result<ChannelExtremes>> {
  const { mean, min, max } = statistics;
  const known = Uint8Array.from(mean, value => Number(Number.isFinite(value)));
  const summaries = emptySummaries(layout.channels);
  known.forEach((isKnown, c) => {
    if (!isKnown) return;
    summaries.min[c] = min[c] as number;
    summaries.max[c] = max[c] as number;
  });
  const counted = await summarizeUnknown(x, layout, known, summaries, new Slices(signal));
  if (!counted) return { ok: false, problem: cancelled };
  return ok({ min: summaries.min, max: summaries.max });
}
