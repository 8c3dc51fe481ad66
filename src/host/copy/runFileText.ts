import type { Inspection } from '../../core/batchnorm/inspection';
import type { BatchNormLayer } from '../../core/batchnorm/layer';
import { formatFloat32, formatJsonNumber } from '../../core/text/format';
import type { Shape } from '../../core/tensor/shape';
import type { Tensor, TensorData } from '../../core/tensor/tensor';

/** Rows put together before they are handed on. */
const rowsAtOnce = 512;

/**
 * An inspection as a run file, in pieces: the input, and the layer as it is now, what-ifs and committed
 * steps included. Reading it gives the same input and the same layer to the last bit: numbers are the
 * shortest that read back to the same float32 (epsilon and momentum: float64).
 */
export function* runFileText(
  inspection: Inspection,
  input: TensorData,
  mask?: Tensor,
): Generator<string> {
  const { shape, flags } = inspection;
  const { layer } = inspection.present;
  const momentum = layer.momentum === null ? 'null' : formatJsonNumber(layer.momentum);
  yield `{\n  "convention": ${JSON.stringify(layer.convention.id)},\n`;
  yield '  "input": ';
  yield* nestedArray(shape, input);
  yield `,\n  "axis": ${layer.channelAxis},\n`;
  yield `  "gamma": ${vector(layer.gamma)},\n`;
  yield `  "beta": ${vector(layer.beta)},\n`;
  yield `  "moving_mean": ${vector(layer.movingMean)},\n`;
  yield `  "moving_variance": ${vector(layer.movingVariance)},\n`;
  yield `  "epsilon": ${formatJsonNumber(layer.epsilon)},\n`;
  yield `  "momentum": ${momentum},\n`;
  if (layer.batchesTracked > 0) yield `  "num_batches_tracked": ${layer.batchesTracked},\n`;
  if (mask) {
    yield '  "mask": ';
    yield* nestedArray(mask.shape, mask.data);
    yield ',\n';
  }
  yield* optionLines(layer);
  yield `  "training": ${flags.training},\n`;
  yield `  "trainable": ${flags.trainable}\n}\n`;
}

function vector(values: Float64Array): string {
  return `[${Array.from(values, x => formatJsonNumber(x, formatFloat32)).join(', ')}]`;
}

/** Renormalisation with its state, and virtual batches, where the layer has them. */
function* optionLines({ renorm, virtualBatchSize }: BatchNormLayer): Generator<string> {
  if (virtualBatchSize !== undefined) yield `  "virtual_batch_size": ${virtualBatchSize},\n`;
  if (!renorm) return;
  const { movingStddev, mean, stddev } = renorm.state;
  const bounds = Object.entries(renorm.clipping).map(
    ([name, bound]) => `"${name}": ${formatJsonNumber(bound as number)}`,
  );
  yield '  "renorm": true,\n';
  if (bounds.length > 0) yield `  "renorm_clipping": { ${bounds.join(', ')} },\n`;
  yield `  "renorm_momentum": ${formatJsonNumber(renorm.momentum)},\n`;
  yield `  "renorm_mean": ${vector(mean)},\n`;
  yield `  "renorm_stddev": ${vector(stddev)},\n`;
  yield `  "moving_stddev": ${vector(movingStddev)},\n`;
}

/** One line a row of the last axis, indented by depth. */
function* nestedArray(shape: Shape, data: TensorData): Generator<string> {
  const row = shape.at(-1) ?? 1;
  const outer = shape.slice(0, -1);
  const rows = row === 0 ? 0 : data.length / row;
  const depth = outer.length;
  const strides = outer.map((_, level) => outer.slice(level).reduce((a, b) => a * b, 1));
  let piece = '';
  for (let r = 0; r < rows; r++) {
    const opens = strides.filter(stride => r % stride === 0).length;
    const closes = strides.filter(stride => (r + 1) % stride === 0).length;
    if (depth > 0) piece += openings(depth, opens, r === 0);
    piece += `[${formatRow(data, r * row, row)}]`;
    for (let level = depth - 1; level >= depth - closes; level--) piece += `\n${indent(level)}]`;
    if (r + 1 < rows) piece += ',\n';
    if ((r + 1) % rowsAtOnce === 0) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

/** The brackets that open before a row, and its indentation. */
function openings(depth: number, opens: number, first: boolean): string {
  let text = '';
  for (let level = depth - opens; level < depth; level++) {
    text += `${first && level === 0 ? '' : indent(level)}[\n`;
  }
  return text + indent(depth);
}

function indent(level: number): string {
  return ' '.repeat(2 + 2 * level);
}

function formatRow(data: TensorData, start: number, count: number): string {
  const parts: string[] = [];
  for (let i = start; i < start + count; i++) {
    parts.push(formatJsonNumber(data[i] as number, formatFloat32));
  }
  return parts.join(', ');
}
