import { initialMovingVariance, type Convention } from '../batchnorm/convention';
import { findConvention } from '../batchnorm/conventions/registry';
import { median } from '../batchnorm/diagnose/channelsWhere';
import type { Known, Transition } from '../batchnorm/diagnose/finding';
import { updateWeight } from '../batchnorm/diagnose/transitions';
import { freshParameters, type BatchNormLayer } from '../batchnorm/layer';
import type { LayerSeries } from './series';

/** Updates that are looked at: the rule that explains them is in every one. */
const mostTransitions = 64;

/**
 * What a recording tells of a layer. Gamma and beta are not in it; the momentum is measured where lines
 * follow each other step by step.
 * @param fallback the convention where the lines name none
 */
export function knownOfSeries(series: LayerSeries, fallback: Convention): Known {
  const found = findConvention(series.convention);
  const convention = found.ok ? found.value : fallback;
  const transitions = transitionsOf(series);
  const [batchMean, batchVariance] = [series.latest('batchMean'), series.latest('batchVariance')];
  const bad = series.firstNonFinite;
  return {
    layer: layerOf(series, convention, transitions),
    rank: 4,
    flags: { training: true, trainable: true },
    ...(batchMean &&
      batchVariance && {
        batch: {
          n: new Float64Array(series.channels).fill(series.n),
          mean: batchMean,
          variance: batchVariance,
        },
      }),
    ...(transitions.length > 0 && { transitions }),
    ...(bad && { firstBad: bad }),
  };
}

function layerOf(
  series: LayerSeries,
  convention: Convention,
  transitions: readonly Transition[],
): BatchNormLayer {
  const { defaults } = convention;
  const [movingMean, movingVariance] = [
    series.latest('movingMean'),
    series.latest('movingVariance'),
  ];
  return {
    ...freshParameters(series.channels, initialMovingVariance(convention)),
    ...(movingMean && { movingMean }),
    ...(movingVariance && { movingVariance }),
    convention,
    epsilon: defaults.epsilon,
    momentum: momentumOf(transitions, convention) ?? defaults.momentum,
    channelAxis: 1,
    batchesTracked: 0,
    precision: 'float32',
    // Of moving statistics that are not in the recording nothing is said.
    ...(movingMean && movingVariance ? {} : { tracking: 'none' }),
  };
}

/** To the digits that float32 leaves of it. */
function momentumOf(
  transitions: readonly Transition[],
  convention: Convention,
): number | undefined {
  const weights = transitions.flatMap(one => updateWeight(one) ?? []);
  if (weights.length < 2) return undefined;
  const weight = median(weights);
  return Number((convention.momentum.weighs === 'new' ? weight : 1 - weight).toFixed(3));
}

/** Of lines that are one step apart: between others there were updates that were not recorded. */
function transitionsOf(series: LayerSeries): Transition[] {
  return series.neighbours(mostTransitions).flatMap(([before, after]) => {
    const { batchMean, batchVariance, movingMean, movingVariance } = after.arrays;
    const { movingMean: mean, movingVariance: variance } = before.arrays;
    if (!batchMean || !batchVariance || !movingMean || !movingVariance) return [];
    if (!mean || !variance) return [];
    return [
      {
        step: after.step,
        n: after.n,
        batch: { mean: batchMean, variance: batchVariance },
        before: { mean, variance },
        after: { mean: movingMean, variance: movingVariance },
      },
    ];
  });
}
