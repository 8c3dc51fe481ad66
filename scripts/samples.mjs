// Writes the two larger samples of media/samples. Seeded: the same bytes on every machine.
import { writeFileSync } from 'node:fs';

const folder = new URL('../media/samples/', import.meta.url);

/** mulberry32: a small uniform generator, enough for pictures. */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const round = (x, digits) => Number(x.toFixed(digits)) + 0;

/** A feature map: a few smooth blobs (where the filter fires) over a little noise, zero mean or so. */
function featureMap(random, height, width) {
  const blobs = Array.from({ length: 2 + Math.floor(random() * 3) }, () => ({
    y: random() * height,
    x: random() * width,
    spread: 0.8 + random() * 2.5,
    height: 2.2 * normal(random),
  }));
  return (y, x) =>
    blobs.reduce(
      (sum, blob) => {
        const distance = (y - blob.y) ** 2 + (x - blob.x) ** 2;
        return sum + blob.height * Math.exp(-distance / (2 * blob.spread ** 2));
      },
      0.25 * normal(random),
    );
}

/** How each channel of a trained convolution sits: most near zero, a few far off. */
function channelStatistics(random, channels) {
  return Array.from({ length: channels }, () => ({
    mean: 0.8 * normal(random),
    std: Math.exp(0.5 * normal(random)),
  }));
}

/** [N, C, H, W], values as a convolution before its batch norm gives them. */
function activations(random, [n, , height, width], statistics) {
  return Array.from({ length: n }, () =>
    statistics.map(({ mean, std }) => {
      const map = featureMap(random, height, width);
      return Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (__, x) => round(mean + std * map(y, x), 3)),
      );
    }),
  );
}

/** What a trained layer's moving statistics would be: the channel's own, seen over other batches. */
function movingStatistics(random, statistics) {
  return {
    mean: statistics.map(({ mean, std }) => round(mean + 0.1 * std * normal(random), 4)),
    variance: statistics.map(({ std }) => round(std ** 2 * Math.exp(0.15 * normal(random)), 4)),
  };
}

const affine = (random, channels) => ({
  gamma: Array.from({ length: channels }, () => round(0.4 + random(), 4)),
  beta: Array.from({ length: channels }, () => round(0.3 * normal(random), 4)),
});

/** One row of numbers a line, so that a diff and a reader can follow. */
function format(object) {
  const rows = (value, indent) =>
    Array.isArray(value) && Array.isArray(value[0])
      ? `${indent}[\n${value.map(row => rows(row, `${indent} `)).join(',\n')}\n${indent}]`
      : indent + JSON.stringify(value);
  const entries = Object.entries(object).map(
    ([key, value]) => `  "${key}": ${rows(value, '  ').trimStart()}`,
  );
  return `{\n${entries.join(',\n')}\n}\n`;
}

/**
 * A ResNet-like stage in PyTorch, in evaluation on pictures from another domain: most channels agree
 * with their running statistics, three do not, one is dead and one has a zero weight.
 */
function domainShift() {
  const random = uniform(20180507);
  const shape = [4, 16, 14, 14];
  const statistics = channelStatistics(random, shape[1]);
  const { mean, variance } = movingStatistics(random, statistics);
  const { gamma, beta } = affine(random, shape[1]);
  for (const [channel, shift, factor] of [
    [2, 3.5, 1.4],
    [7, -4.2, 0.6],
    [12, 2.6, 3.2],
  ]) {
    const one = statistics[channel];
    statistics[channel] = { mean: one.mean + shift * one.std, std: one.std * factor };
  }
  statistics[9] = { mean: 0, std: 0 };
  mean[9] = 0;
  gamma[5] = 0;
  return {
    note: 'A stage of a residual network in evaluation, on pictures unlike those it was trained on. Sort by drift: channels 2, 7 and 12 no longer look like their running statistics. Channel 9 is dead, and channel 5 has weight 0.',
    convention: 'pytorch',
    input: activations(random, shape, statistics),
    weight: gamma,
    bias: beta,
    running_mean: mean,
    running_var: variance,
    num_batches_tracked: 12800,
    eps: 1e-5,
    momentum: 0.1,
    training: false,
  };
}

const channelsLast = images =>
  images.map(maps => maps[0].map((row, y) => row.map((_, x) => maps.map(map => map[y][x]))));

/**
 * A MobileNet-like stage in Keras 3 whose moving statistics nobody ever updated: exactly 0 and 1, as
 * when the layer was frozen before its first step. Evaluation output is far from the training output.
 */
function neverUpdated() {
  const random = uniform(50209310);
  const shape = [8, 24, 7, 7];
  const statistics = channelStatistics(random, shape[1]);
  const { gamma, beta } = affine(random, shape[1]);
  return {
    note: 'A stage of a small network whose moving statistics never took a batch in: they are still exactly 0 and 1. Switch training off and on and compare the outputs; then press Step with both flags on and watch the moving statistics start to move.',
    convention: 'keras3',
    input: channelsLast(activations(random, shape, statistics)),
    gamma,
    beta,
    moving_mean: Array.from({ length: shape[1] }, () => 0),
    moving_variance: Array.from({ length: shape[1] }, () => 1),
    epsilon: 0.001,
    momentum: 0.99,
    training: false,
    trainable: true,
  };
}

writeFileSync(new URL('domain-shift.bn.json', folder), format(domainShift()));
writeFileSync(new URL('never-updated.bn.json', folder), format(neverUpdated()));
