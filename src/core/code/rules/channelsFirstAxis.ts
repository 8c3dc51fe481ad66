import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { asDimensions } from '../evaluation';
import { evaluateSpan } from '../values';
import type { CodeFix } from './codeFinding';
import { codeRule, type Found } from './codeRule';
import { insertArgument } from './evidence/edits';
import { layerBefore, stringArgument } from './evidence/layerChain';
import { callRange, lastPart } from './evidence/places';

const families = new Set(['keras', 'tf.layers', 'tf.layers class', 'tfjs.layers']);

/** Layers that leave a picture or a sequence as it lies; their result has channels where they are told. */
const spatial =
  /^(?:Conv|Convolution|SeparableConv|DepthwiseConv|MaxPool|AveragePool|MaxPooling|AveragePooling|UpSampling|ZeroPadding|conv|separable_conv|depthwise_conv|max_pooling|average_pooling|separableConv|depthwiseConv|maxPooling|averagePooling|upSampling)\w*[123]d\w*$/i;

/** A convolution with its channels first, and a batch norm with its axis last. */
export const channelsFirstAxis = codeRule(
  'channels-first-axis',
  'Channels first into axis=-1',
  ({ file, calls }) =>
    calls
      .filter(({ family }) => families.has(family.id))
      .flatMap(call => channelsFirstInto(file, call) ?? []),
);

function channelsFirstInto(file: CodeFile, call: BatchNormCall): Found | undefined {
  const stated = call.arguments.find(({ role }) => role === 'channelAxis');
  if (stated?.unknown !== undefined || call.call.arguments.some(({ spread }) => spread))
    return undefined;
  const axis = call.statement.channelAxis ?? call.convention.defaults.channelAxis;
  const before = layerBefore(file, call);
  const reason = before && whyFirst(file, before);
  // 3 is the last axis of a batch of pictures.
  const isLast = axis === -1 || (axis === 3 && /2d/i.test(before?.path ?? ''));
  if (!before || reason === undefined || !isLast) return undefined;
  const given = stated ? `axis=${axis}` : `axis=${axis} (the default)`;
  return {
    range: call.range,
    message:
      `The input has its channels first (${reason}), and ${given} is its last axis, a place in the picture: there is one gamma, beta, mean and variance` +
      ' for each place along it, over all channels, in place of one for each channel. The channels are axis=1.',
    fix: axisOne(file, call),
    evidence: [{ range: callRange(file, before), message: 'This gives out channels first.' }],
  };
}

/** Says by what the result of a call has its channels first; undefined where it has not, or it is not said. */
function whyFirst(file: CodeFile, before: Call): string | undefined {
  const name = lastPart(before.path);
  if (spatial.test(name)) {
    const format = stringArgument(file, before, 'data_format', 'dataFormat');
    if (format !== undefined && /^(?:channels_?First|NC\w*)$/i.test(format))
      return `${name} has ${format}`;
    const isStated = before.arguments.some(
      ({ name: own, spread }) => spread || own === 'data_format' || own === 'dataFormat',
    );
    return isStated ? undefined : globalFormat(file, before);
  }
  if (!/^(?:transpose|permute_dimensions|permute)$/.test(name)) return undefined;
  const order = before.arguments.find(({ index, name: own }) => index === 1 || own === 'perm');
  const axes = order && asDimensions(evaluateSpan(file, order.value));
  return axes?.join() === '0,3,1,2' ? `${name} makes it NCHW` : undefined;
}

/** `K.set_image_data_format('channels_first')`, where the file says it once and before. */
function globalFormat(file: CodeFile, before: Call): string | undefined {
  const [set, another] = file.calls.filter(
    ({ path }) => lastPart(path) === 'set_image_data_format',
  );
  const given = set?.arguments[0];
  if (!set || !given || another || set.open > before.open) return undefined;
  const value = evaluateSpan(file, given.value);
  const isFirst = value.kind === 'string' && value.value === 'channels_first';
  return isFirst ? 'set_image_data_format says so' : undefined;
}

function axisOne(file: CodeFile, { arguments: given, call, family }: BatchNormCall): CodeFix {
  const label = 'Use axis 1';
  const stated = given.find(({ role }) => role === 'channelAxis');
  if (stated) return { label, edits: [{ range: stated.range, text: '1' }] };
  if (family.language === 'python') return { label, edits: [insertArgument(file, call, 'axis=1')] };
  const { tokens, brackets } = file;
  const object = call.open + 1;
  if (!tokens.is(object, '{')) return { label, edits: [insertArgument(file, call, '{ axis: 1 }')] };
  const isEmpty = brackets.partner(object) === object + 1;
  const at = tokens.end(object);
  return {
    label,
    edits: [{ range: { start: at, end: at }, text: isEmpty ? ' axis: 1 ' : ' axis: 1,' }],
  };
}
