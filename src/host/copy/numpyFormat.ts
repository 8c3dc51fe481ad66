import type { CopyFormat, Results } from './copyFormat';
import { notReproduced } from './notReproduced';
import { pythonDouble, pythonHeader, pythonList, pythonTuple, specialImport } from './pythonText';

/**
 * A script that computes the output with NumPy from the same numbers and checks it against what
 * Normscope shows. The moving statistics after the step are given as they came out: their rule and its
 * rounding are the convention's.
 */
export const numpyFormat: CopyFormat = {
  id: 'numpy',
  label: 'NumPy',
  detail: 'A script that computes the same output and checks it',
  hasElements: true,
  write: results => `${lines(results).join('\n')}\n`,
};

function lines(results: Results): string[] {
  const { inspection, trace, input, output } = results;
  const { layer } = inspection.present;
  const { shape } = inspection;
  const { channelAxis: axis } = layer;
  const axes = shape.map((_, i) => i).filter(i => i !== axis);
  const column = shape.map((size, i) => (i === axis ? size : 1));
  const array = (name: string, values: Iterable<number>): string =>
    `${name} = np.array(${pythonList(values)}, dtype=np.float32)`;
  const batch = trace.normalizedWith === 'batch';
  return [
    pythonHeader(results),
    ...specialImport(results),
    'import numpy as np',
    '',
    `${array('x', input)}.reshape(${pythonTuple(shape)})`,
    array('gamma', layer.gamma),
    array('beta', layer.beta),
    array('moving_mean', layer.movingMean),
    array('moving_variance', layer.movingVariance),
    `epsilon = ${pythonDouble(trace.epsilon)}`,
    '',
    `axes = ${pythonTuple(axes)}  # all but the channel axis, ${axis}`,
    'batch_mean = x.mean(axis=axes, dtype=np.float64)',
    'batch_variance = x.var(axis=axes, dtype=np.float64)  # biased: divides by n',
    batch
      ? "mean, variance = batch_mean, batch_variance  # the batch's own statistics normalise"
      : 'mean, variance = moving_mean, moving_variance  # the moving statistics normalise',
    '',
    "with np.errstate(divide='ignore', invalid='ignore'):",
    `    scale = gamma ${divisor(results)}`,
    `    y = (x - mean.reshape(${pythonTuple(column)})) * scale.reshape(${pythonTuple(column)})`,
    `    y += beta.reshape(${pythonTuple(column)})`,
    '',
    trace.updated
      ? '# After the step, by the rule of the convention:'
      : '# The moving statistics stay as they are under these flags:',
    array('moving_mean_after', trace.movingMeanAfter),
    array('moving_variance_after', trace.movingVarianceAfter),
    '',
    '# What Normscope shows:',
    `${array('expected', output)}.reshape(${pythonTuple(shape)})`,
    ...checkLines(results),
    'print(y)',
  ];
}

function checkLines(results: Results): string[] {
  const why = notReproduced(results);
  return why === undefined
    ? ['np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)']
    : [`# The script above comes to another output, because here ${why}.`, 'print(expected)'];
}

/** 1/0 is 0 in a convention whose kernel guards it, and the statistics are the batch's. */
function divisor({ inspection, trace }: Results): string {
  const guarded =
    trace.normalizedWith === 'batch' &&
    inspection.present.layer.convention.zeroVarianceInverse === 'zero';
  return guarded
    ? '* np.where(variance + epsilon == 0, 0, 1 / np.sqrt(variance + epsilon))'
    : '/ np.sqrt(variance + epsilon)';
}
