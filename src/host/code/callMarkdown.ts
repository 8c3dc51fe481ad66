import { parameterNames } from '../../core/batchnorm/layer';
import { parameterLabels } from '../../core/batchnorm/statement';
import { unknownArguments, type BatchNormCall } from '../../core/code/batchNormCalls/batchNormCall';
import { callSentence } from '../../core/code/batchNormCalls/sentence';
import { formatSignificant } from '../../core/text/format';
import { codeSpan, commandLink, escapeMarkdown } from '../hover/escapeMarkdown';
import { inspectCallCommand } from './inspectCallCommand';

/** What a hover says of a call. Everything that comes from the file is escaped. */
export function callMarkdown(call: BatchNormCall, uri: string, offset: number): string {
  const link = commandLink('Open in the inspector', inspectCallCommand, [uri, offset]);
  const sentence = callSentence(call);
  const text = sentence.ok ? sentence.value.text : sentence.problem.message;
  return [
    `**${escapeMarkdown(call.name)}** ${escapeMarkdown(call.convention.name)} · ${link}`,
    escapeMarkdown(text),
    ...parametersPart(call),
    ...unknownPart(call),
    ...(call.assumed.length > 0 ? [call.assumed.map(escapeMarkdown).join(' ')] : []),
  ].join('\n\n');
}

/** `gamma 2, beta 1, moving mean 0, moving variance 1`: what the code gives the layer. */
function parametersPart({ statement, input }: BatchNormCall): readonly string[] {
  const parameters = parameterNames.flatMap(name => {
    const values = statement.parameters[name];
    return values ? [`${parameterLabels[name]} ${valuesText(values)}`] : [];
  });
  const given =
    input.kind === 'unknown'
      ? []
      : [`input ${codeSpan(input.text)} of shape ${codeSpan(`[${shapeText(input)}]`)}`];
  const all = [...parameters, ...given];
  return all.length > 0 ? [`From this file: ${all.join(', ')}.`] : [];
}

function shapeText(input: Exclude<BatchNormCall['input'], { readonly kind: 'unknown' }>): string {
  const shape = input.kind === 'tensor' ? input.tensor.shape : input.shape;
  return shape.map(size => size ?? 'None').join(', ');
}

/** Values of a parameter that are listed; of more the first ones are. */
const mostValues = 4;

function valuesText(values: Float64Array): string {
  const [first = 0] = values;
  if (values.every(value => value === first)) return formatSignificant(first);
  const shown = [...values.slice(0, mostValues)].map(value => formatSignificant(value)).join(', ');
  return values.length > mostValues ? `${shown}, …` : shown;
}

/** What only a run would tell, with the reason, and what stands in for it. */
function unknownPart(call: BatchNormCall): readonly string[] {
  const unknown = unknownArguments(call);
  if (unknown.length === 0) return [];
  const listed = unknown.map(
    ({ name, text, unknown: reason }) =>
      `${codeSpan(`${name}=${text}`)} (${escapeMarkdown(reason)})`,
  );
  return [`Not known here: ${listed.join(', ')}.`];
}
