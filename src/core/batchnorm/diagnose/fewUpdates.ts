import { formatSignificant } from '../../text/format';
import { initialMovingVariance } from '../convention';
import { channelCount, type BatchNormLayer } from '../layer';
import { stepRules, type StepRules } from '../plan';
import { channelsWhere } from './channelsWhere';
import { findingRule, type Known } from './finding';
import { isFresh } from './neverUpdated';
import { settledFix } from './parameterFix';
import { fractionAfter, takenIn, type TakenIn } from './takenIn';
import { thresholds } from './thresholds';

/** Moving statistics that are still partly what a new layer has, because few batches have entered them. */
export const fewUpdates = findingRule('few-updates', [], known => {
  const { layer, rank, flags } = known;
  if (layer.tracking === 'none') return undefined;
  const rules = stepRules(layer, rank, flags);
  const taken = counted(layer, rules) ?? measured(known, rules);
  if (!taken) return undefined;
  const left = 1 - taken.fraction;
  if (left <= thresholds.initialLeft.note) return undefined;
  const steps = `${taken.steps} ${taken.steps === 1 ? 'update' : 'updates'}`;
  const how = {
    counted: `The layer counts ${steps}`,
    exact: `The moving statistics are exactly those of ${steps} over this batch`,
    estimate: `The moving statistics are as after about ${steps} with batches like this one`,
  }[taken.from];
  const variance = initialMovingVariance(layer.convention);
  const isAssumed = isDefaultMomentum(known);
  const initial = `${formatSignificant(100 * left, 3)} % of them is still the initial mean 0 and variance ${variance}, so inference does not normalise as training does`;
  return {
    // Of a momentum that nobody stated there is no evidence that anything is wrong.
    severity: left > thresholds.initialLeft.warning && !isAssumed ? 'warning' : 'note',
    message: isAssumed
      ? `${how}: if momentum was the default ${layer.momentum}, ${initial}${orCumulative(layer)}.`
      : `${how}: at momentum ${layer.momentum} ${initial}.`,
    channels: [],
    evidence: {
      updates: taken.steps,
      takenIn: taken.fraction,
      initialLeft: left,
      momentum: layer.momentum ?? 'none',
    },
    fix: `Train on, or run batches in training mode to settle the statistics${waiting(layer, rules)}; ${layer.convention.updateAdvice}`,
    ...settledFix(
      channelsWhere(channelCount(layer), () => true),
      known.batch,
    ),
    source:
      'what is left after k updates is momentum^k; keras#7265, tensorflow#44568, tensorflow#16102',
  };
});

/** Whether momentum is the convention's default because the file holds none, as a state dict does. */
function isDefaultMomentum({ stated, transitions }: Known): boolean {
  return stated !== undefined && stated.momentum === undefined && transitions === undefined;
}

function orCumulative({ convention }: BatchNormLayer): string {
  if (!convention.momentum.allowsCumulative) return '';
  return "; with momentum=None (SWA's update_bn) nothing of the initial value is left";
}

interface Taken extends Pick<TakenIn, 'fraction' | 'steps'> {
  readonly from: 'counted' | 'exact' | 'estimate';
}

/** By the layer's own count, unless its variances contradict that: they cannot be below what is left of the initial one. */
function counted(layer: BatchNormLayer, rules: StepRules): Taken | undefined {
  const steps = layer.batchesTracked;
  if (steps === 0 || channelsWhere(channelCount(layer), c => !isFresh(layer, c)).length === 0) {
    return undefined;
  }
  const fraction = fractionAfter(layer, rules, steps);
  const least = (1 - fraction) * initialMovingVariance(layer.convention) * (1 - 1e-6);
  // A batch that weighs nothing is what `momentum-meaning` is about.
  if (fraction === 0 || layer.movingVariance.some(variance => variance < least)) return undefined;
  return { fraction, steps, from: 'counted' };
}

function measured({ layer, batch }: Known, rules: StepRules): Taken | undefined {
  const taken = batch && takenIn(layer, batch, rules);
  return taken && { ...taken, from: taken.exact ? 'exact' : 'estimate' };
}

/** ` (69 steps halve what is left, 459 leave 1 % of it)`, where the weight of a batch is constant. */
function waiting(layer: BatchNormLayer, rules: StepRules): string {
  const left = 1 - fractionAfter(layer, rules, 1);
  if (layer.momentum === null || left <= 0 || left >= 1) return '';
  const until = (fraction: number): number => Math.ceil(Math.log(fraction) / Math.log(left));
  return ` (${until(0.5)} steps halve what is left, ${until(0.01)} leave 1 % of it)`;
}
