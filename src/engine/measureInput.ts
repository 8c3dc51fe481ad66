import { ok, type Result } from '../core/problem';
import type { ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { findNonFinite } from './findNonFinite';
import { extremesPass, histogramPass, momentsPass } from './kernels/choosePass';
import { emptyHistogram } from './kernels/histogram';
import { emptyStatistics } from './kernels/moments';
import type { InputDetails, InputKnowledge, LiveInput } from './liveTensors';
import { runPass } from './runPass';
import { Slices } from './slices';
import { valuesOf, type Tensor } from './tensorflow';

/** The input's moments over the layer's channel axis: measured once, then remembered. */
export async function statisticsOf(
  input: LiveInput,
  x: Tensor,
  layout: ChannelLayout,
  axis: number,
  signal: AbortSignal,
): Promise<Result<InputKnowledge>> {
  const known = input.known.get(axis);
  if (known !== undefined) return ok(known);
  const statistics = emptyStatistics(layout);
  const pass = momentsPass(valuesOf(x) as Float32Array, layout, statistics);
  const measured = await runPass('NormscopeMoments', x, pass, new Slices(signal));
  if (!measured.ok) return measured;
  const knowledge: InputKnowledge = { statistics, details: undefined };
  input.known.set(axis, knowledge);
  return ok(knowledge);
}

/** What is shown beside the moments: measured once, then remembered. */
export async function detailsOf(
  x: Tensor,
  layout: ChannelLayout,
  knowledge: InputKnowledge,
  signal: AbortSignal,
): Promise<Result<InputDetails>> {
  if (knowledge.details !== undefined) return ok(knowledge.details);
  const measured = await measureDetails(x, layout, knowledge, signal);
  if (measured.ok) knowledge.details = measured.value;
  return measured;
}

async function measureDetails(
  x: Tensor,
  layout: ChannelLayout,
  { statistics }: InputKnowledge,
  signal: AbortSignal,
): Promise<Result<InputDetails>> {
  const values = valuesOf(x) as Float32Array;
  const slices = new Slices(signal);
  const extremes = extremesPass(values, layout, statistics);
  const ranged = await runPass('NormscopeExtremes', x, extremes, slices);
  if (!ranged.ok) return ranged;
  const histogram = emptyHistogram(layout);
  if (histogram !== undefined) {
    const pass = histogramPass(values, layout, statistics, histogram);
    const counted = await runPass('NormscopeHistogram', x, pass, slices);
    if (!counted.ok) return counted;
  }
  const firstNonFinite = await findNonFinite(x, layout, statistics, signal);
  if (!firstNonFinite.ok) return firstNonFinite;
  if (signal.aborted) return { ok: false, problem: cancelled };
  return ok({ histogram, firstNonFinite: firstNonFinite.value });
}
