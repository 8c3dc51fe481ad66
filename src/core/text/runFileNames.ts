import type { RunFileRole } from './runFile';

/**
 * The names that mean something in a run file and beside a literal in code (CLI.md, "A run file"),
 * in the order they are preferred. Spelled as `plainName` spells them.
 */
export const runFileNames: Readonly<Record<RunFileRole, readonly string[]>> = {
  input: ['input', 'x', 'img', 'image', 'data', 'tensor', 'activations'],
  shape: ['shape'],
  gamma: ['gamma', 'weight', 'scale'],
  beta: ['beta', 'bias', 'offset'],
  movingMean: ['movingmean', 'runningmean', 'movingavg', 'mean'],
  movingVariance: ['movingvariance', 'movingvar', 'runningvar', 'variance', 'var'],
  training: ['training', 'istraining', 'trainingmode'],
  trainable: ['trainable'],
  epsilon: ['epsilon', 'eps'],
  momentum: ['momentum', 'decay'],
  channelAxis: ['axis', 'channelaxis', 'dataformat'],
  convention: ['convention', 'framework'],
  batchesTracked: ['numbatchestracked'],
  center: ['center'],
  scale: ['scale'],
  mask: ['mask'],
  renorm: ['renorm'],
  renormClipping: ['renormclipping'],
  renormMomentum: ['renormmomentum'],
  renormMean: ['renormmean'],
  renormStddev: ['renormstddev'],
  movingStddev: ['movingstddev'],
  virtualBatchSize: ['virtualbatchsize'],
};

const roles: ReadonlyMap<string, RunFileRole> = new Map(
  (Object.entries(runFileNames) as [RunFileRole, readonly string[]][])
    // `scale` is gamma, unless its value is a boolean.
    .filter(([role]) => role !== 'scale')
    .flatMap(([role, names]) => names.map(name => [name, role] as const)),
);

/** Any case, with `_`, `-` or nothing between words: `Moving-Mean` is `movingmean`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/**
 * What a key is for; undefined where it means nothing here.
 * @param isBoolean whether its value is `true` or `false`, which makes `scale` a switch
 */
export function roleOfName(name: string, isBoolean = false): RunFileRole | undefined {
  const plain = plainName(name);
  if (isBoolean && plain === 'scale') return 'scale';
  return roles.get(plain);
}

/** PyTorch's names, which mean its convention where none is stated. */
export function isRunningName(name: string): boolean {
  const plain = plainName(name);
  return plain === 'runningmean' || plain === 'runningvar';
}

/**
 * The channel axis that a `data_format` names. `channels_first` and `NCHW` are 1, `channels_last` and
 * `NHWC` are −1; undefined for anything else.
 */
export function axisOfDataFormat(format: string): number | undefined {
  return dataFormats.get(plainName(format));
}

const dataFormats: ReadonlyMap<string, number> = new Map([
  ['nhwc', -1],
  ['nchw', 1],
  ['channelslast', -1],
  ['channelsfirst', 1],
]);
