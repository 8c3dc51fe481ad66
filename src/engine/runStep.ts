import type { Trace } from '../core/batchnorm/trace';
import type { RenormState } from '../core/batchnorm/renorm';
import { channelCount } from '../core/batchnorm/layer';
import { ok, type Result } from '../core/problem';
import { emptySummaries, type ChannelSummaries } from '../core/statistics/channels';
import { countPerChannel } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { runForward, type Forward, type StepJob } from './forward';
import { outputSummaries, type OutputSummaries } from './kernels/outputSummaries';
import type { InputDetails, LiveInput } from './liveTensors';
import { detailsOf } from './measureInput';
import { Slices } from './slices';
import { summarizeUnknown } from './summarizeUnknown';
import type { Tensor } from './tensorflow';

/** What a step made. The output is the caller's to keep or dispose. */
export interface StepDone {
  readonly trace: Trace;
  readonly output: Tensor;
  readonly batchesTrackedAfter: number;
  /** Present where the layer renormalises. */
  readonly renormAfter?: RenormState;
}

/**
 * One step, or several over the same batch, with its trace. The output comes first, as any framework
 * computes it; what is shown beside it is measured then, unless a step before has.
 */
export async function runStep(input: LiveInput, job: StepJob): Promise<Result<StepDone>> {
  const done = await runForward(input, job);
  if (!done.ok) return done;
  const forward = done.value;
  const { output, plan } = forward;
  const shown = await describe(forward, job.signal);
  if (!shown.ok) {
    output.dispose();
    return shown;
  }
  return ok({
    trace: traceOf(job, forward, shown.value),
    output,
    batchesTrackedAfter: plan.batchesTrackedAfter,
    ...(plan.renormAfter && { renormAfter: plan.renormAfter }),
  });
}

interface Shown {
  readonly details: InputDetails;
  readonly summaries: ChannelSummaries;
}

async function describe(forward: Forward, signal: AbortSignal): Promise<Result<Shown>> {
  const { x, output, layout, batch } = forward;
  const details = await detailsOf(x, layout, batch, signal);
  if (!details.ok) return details;
  const { summaries, known } = summariesOf(forward, details.value);
  const counted = await summarizeUnknown(output, layout, known, summaries, new Slices(signal));
  return counted ? ok({ details: details.value, summaries }) : { ok: false, problem: cancelled };
}

/** What follows without looking at the output. */
function summariesOf(
  { rules, layout, batch }: Forward,
  { histogram }: InputDetails,
): OutputSummaries {
  if (rules !== undefined) return outputSummaries(rules, batch.statistics, histogram);
  const summaries = emptySummaries(layout.channels);
  summaries.n.fill(countPerChannel(layout));
  return { summaries, known: new Uint8Array(layout.channels) };
}

/** Puts what a step found into the form that everything is shown from. */
function traceOf(job: StepJob, { moments, plan }: Forward, { details, summaries }: Shown): Trace {
  const { n, mean, variance } = moments;
  return {
    channels: channelCount(job.layer),
    normalizedWith: plan.rules.normalizedWith,
    updated: plan.rules.updated,
    epsilon: plan.rules.epsilon,
    steps: job.steps,
    batch: { n, mean, variance },
    firstNonFinite: details.firstNonFinite,
    movingMeanBefore: job.layer.movingMean,
    movingMeanAfter: plan.movingMeanAfter,
    movingVarianceBefore: job.layer.movingVariance,
    movingVarianceAfter: plan.movingVarianceAfter,
    output: summaries,
  };
}
