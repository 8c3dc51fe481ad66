import { verdict } from '../../core/batchnorm/explain';
import { kernelRules, parameterNames } from '../../core/batchnorm/layer';
import { parameterLabels, pathName } from '../../core/batchnorm/statement';
import { countBounds, type ChannelSummaries } from '../../core/statistics/channels';
import { axisNames } from '../../core/tensor/shape';
import { formatSignificant } from '../../core/text/format';
import type { TensorLiteral } from '../../core/text/literal';
import { formatBound, nonFiniteMarks, summaryLine } from '../../core/text/summaryLine';
import type { RunFileRole } from '../../core/text/runFile';
import { codeSpan, commandLink, escapeMarkdown } from './escapeMarkdown';
import { histogramImage, type HoverTheme } from './histogramImage';
import { printTensor } from './printTensor';
import { literalProblem, type PreviewedStep, type TensorPreview } from './tensorPreview';

export const inspectCommand = 'normscope.inspectAt';

/** Up to this many values are shown themselves; more as a histogram. */
const mostValues = 32;
const mostChannels = 4;

export interface HoverPlace {
  /** Of the document, for the link. */
  readonly uri: string;
  readonly theme: HoverTheme;
  /** 1-based line of an offset. */
  readonly lineOf: (offset: number) => number;
}

/** The hover over a literal whose tensor was previewed. Everything that comes from the file is escaped. */
export function previewMarkdown(
  literal: TensorLiteral,
  preview: TensorPreview,
  place: HoverPlace,
): string {
  const { step } = preview;
  const parts = [`${headline(literal, preview)} ${inspectLink(literal, place)}`];
  if (step?.ok === true) parts.push(...stepParts(preview, step.value, place));
  else if (step) parts.push(`Batch norm: ${escapeMarkdown(step.problem.message)}`);
  const remarks = precisionRemarks(literal);
  if (remarks !== '') parts.push(remarks);
  return parts.join('\n\n');
}

/** The hover over a literal that makes no tensor, or not one that is shown here. */
export function plainMarkdown(literal: TensorLiteral, place: HoverPlace): string {
  const title = titleOf(literal);
  const { content } = literal;
  if (content.kind === 'elided') {
    const shape = content.shape ? ` Its shape is [${content.shape.join(',')}].` : '';
    return `${title}Printed with "…": only ${content.shown} of its values are here, so batch norm is not run on it.${shape}`;
  }
  const problem = literalProblem(literal);
  const message = title + escapeMarkdown(problem?.message ?? '');
  return content.kind === 'tooLarge' ? `${message}\n\n${inspectLink(literal, place)}` : message;
}

function titleOf(literal: TensorLiteral): string {
  return literal.name === '' ? '' : `**${escapeMarkdown(literal.name.slice(-60))}** `;
}

function headline(literal: TensorLiteral, preview: TensorPreview): string {
  return `${titleOf(literal)}${codeSpan(summaryLine(preview.tensor, preview.input), 200)}`;
}

function inspectLink(literal: TensorLiteral, place: HoverPlace): string {
  return commandLink('Open in the inspector', inspectCommand, [place.uri, literal.range.start]);
}

function precisionRemarks({ content, declaredDType }: TensorLiteral): string {
  if (content.kind !== 'tensor') return '';
  const remarks: string[] = [];
  if (declaredDType !== undefined && declaredDType !== 'float32') {
    remarks.push(`Declared ${escapeMarkdown(declaredDType)}, shown as float32.`);
  }
  if (content.printedDigits !== undefined) {
    remarks.push(`Rounded by its print, to ${content.printedDigits} digits.`);
  }
  if (content.rounded > 0) {
    remarks.push(`${plural(content.rounded, 'integer')} rounded to float32.`);
  }
  if (content.overflowed > 0) {
    remarks.push(`${plural(content.overflowed, 'number')} beyond float32 became infinite.`);
  }
  return remarks.join(' ');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function stepParts(preview: TensorPreview, step: PreviewedStep, place: HoverPlace): string[] {
  const rank = preview.tensor.shape.length;
  return [
    rulesLine(step, rank),
    channelTable(step),
    outputPart(preview, step, place),
    originLine(preview, step, place),
  ];
}

/** `TensorFlow 1, fused: training off, trainable on. The moving statistics normalise and stay as they are.` */
function rulesLine({ layer, flags, trace }: PreviewedStep, rank: number): string {
  const { convention } = layer;
  const path = pathName(layer, rank);
  const name = path === undefined ? convention.name : `${convention.name}, here ${path}`;
  const state = (on: boolean): string => (on ? 'on' : 'off');
  const { training, trainable } = convention.flagNames;
  const names = `**${escapeMarkdown(name)}**: ${escapeMarkdown(training)} ${state(flags.training)}, ${escapeMarkdown(trainable)} ${state(flags.trainable)}`;
  const { normalizedWith, updated } = verdict(layer, rank, flags);
  if (normalizedWith === 'moving') {
    return `${names}. The moving statistics normalise${updated ? ', then take the batch in' : ' and stay as they are'}. ${countWords(trace)}`;
  }
  return `${names}. The batch's own statistics normalise; the moving ones ${updated ? 'take them in' : 'stay as they are'}. ${countWords(trace)}`;
}

/** How many values each batch mean and variance is of. */
function countWords({ batch }: PreviewedStep['trace']): string {
  const [fewest, most] = countBounds(batch);
  const count = most > fewest ? `${fewest} to ${plural(most, 'value')}` : plural(most, 'value');
  return `A channel has ${count}.`;
}

/** VS Code sets the columns of a table in a hover without a gap. */
function tableRow([first = '', ...others]: readonly string[]): string {
  return `| ${[first, ...others.map(cell => `&ensp;${cell}`)].join(' | ')} |`;
}

function channelTable({ trace }: PreviewedStep): string {
  const shown = Math.min(trace.channels, mostChannels);
  const rows = Array.from({ length: shown }, (_, c) => tableRow(channelCells(trace, c)));
  const more = trace.channels - shown;
  return [
    tableRow(['channel', 'batch mean', 'variance', 'moving mean', 'variance', 'output']),
    '|--:|--:|--:|--:|--:|:--|',
    ...rows,
    ...(more > 0 ? [tableRow(['…', `${more} more`, '', '', '', ''])] : []),
  ].join('\n');
}

function channelCells(trace: PreviewedStep['trace'], c: number): string[] {
  const number = (values: Float64Array): string => formatSignificant(values[c] as number, 5);
  const moving = (before: Float64Array, after: Float64Array): string =>
    trace.updated ? `${number(before)} → ${number(after)}` : number(before);
  return [
    String(c),
    number(trace.batch.mean),
    number(trace.batch.variance),
    moving(trace.movingMeanBefore, trace.movingMeanAfter),
    moving(trace.movingVarianceBefore, trace.movingVarianceAfter),
    rangeOf(trace.output, c),
  ];
}

function rangeOf(summaries: ChannelSummaries, c: number): string {
  const min = summaries.min[c] as number;
  const max = summaries.max[c] as number;
  const range = Number.isNaN(min) ? [] : [`${formatBound(min)} … ${formatBound(max)}`];
  return [...range, ...nonFiniteMarks(summaries, c)].join(' ');
}

function outputPart(preview: TensorPreview, step: PreviewedStep, place: HoverPlace): string {
  const { shape } = preview.tensor;
  if (step.output.length <= mostValues) {
    return `Output:\n\n\`\`\`text\n${printTensor(shape, step.output)}\n\`\`\``;
  }
  const line = summaryLine({ shape, dtype: 'float32' }, step.outputSummary);
  const image = histogramImage(preview.input, step.outputSummary, place.theme);
  return `Output: ${codeSpan(line, 200)}\n\n![Histograms of the input and the output](${image})`;
}

const originRoles: readonly RunFileRole[] = [
  ...parameterNames,
  'epsilon',
  'momentum',
  'channelAxis',
  'training',
  'trainable',
  'convention',
  'mask',
];

/** Where the layer comes from: what the document says, with lines; the rest are defaults. */
function originLine(preview: TensorPreview, step: PreviewedStep, place: HoverPlace): string {
  const { found } = preview.siblings;
  const { layer } = step;
  const stated = originRoles
    .flatMap(role => found.filter(sibling => sibling.role === role))
    .map(({ name, valueRange }) => `${codeSpan(name)} (line ${place.lineOf(valueRange.start)})`);
  const isStated = (role: RunFileRole): boolean => found.some(sibling => sibling.role === role);
  const defaults = parameterNames
    .filter(name => !isStated(name))
    .map(name => `${parameterLabels[name]} ${layer[name][0] as number}`);
  if (!isStated('epsilon')) defaults.push(`epsilon ${layer.epsilon}`);
  if (!isStated('momentum')) defaults.push(`momentum ${layer.momentum ?? 'cumulative'}`);
  if (!isStated('channelAxis')) defaults.push(axisWords(preview, layer.channelAxis));
  const parts = [
    ...(stated.length > 0 ? [`From this document: ${stated.join(', ')}.`] : []),
    ...(defaults.length > 0 ? [`Defaults: ${defaults.join(', ')}.`] : []),
    ...maskRemark(preview, step),
  ];
  return parts.join(' ');
}

function maskRemark({ siblings, tensor }: TensorPreview, { layer }: PreviewedStep): string[] {
  const { mask } = siblings;
  if (!mask) return [];
  const name = layer.convention.name;
  if (kernelRules(layer, tensor.shape.length).mask.kind === 'ignored') {
    return [`The mask has no effect in ${escapeMarkdown(name)}: every element counts.`];
  }
  const kept = mask.data.filter(weight => weight !== 0).length;
  return [`The mask keeps ${kept} of ${plural(mask.data.length, 'position')}.`];
}

function axisWords({ tensor }: TensorPreview, channelAxis: number): string {
  const names = axisNames(tensor.shape, channelAxis).join(' ');
  return `channel axis ${channelAxis} of ${names}`;
}
