import { pathRules } from '../core/batchnorm/convention';
import { diagnose } from '../core/batchnorm/diagnose/registry';
import type { Finding } from '../core/batchnorm/diagnose/finding';
import { verdict } from '../core/batchnorm/explain';
import { runRecord } from '../core/batchnorm/runRecord';
import { pathName } from '../core/batchnorm/statement';
import { countBounds } from '../core/statistics/channels';
import { formatFloat32 } from '../core/text/format';
import { axisNames, formatShape } from '../core/tensor/shape';
import { shortDType } from '../core/tensor/tensor';
import { channelColumns } from './channelColumns';
import type { Report } from './command';
import { gradientLines, gradientsRecord, rowsOf } from './runGradients';
import type { RunResult } from './runResult';
import { layOutPairs, layOutTable, type Column } from './table';

/** What `run` prints, both ways. */
export function describeRun(result: RunResult): Report {
  const { layer, flags, subject, trace } = result;
  const { shape } = subject.input;
  const rank = shape.length;
  const findings = diagnose({ layer, trace, rank, shape, flags, stated: subject.statement });
  const sentence = verdict(layer, rank, flags).text;
  return {
    json: runRecord({
      ...result,
      shape,
      layerName: subject.layerName,
      verdict: sentence,
      findings,
      gradients: result.gradients && gradientsRecord(result.gradients),
    }),
    lines: () => asLines(result, sentence, findings),
    notes: [...epsilonNotes(result), ...subject.notes],
    status: 0,
  };
}

/** The kernel may raise epsilon, which the numbers below then show. */
function epsilonNotes({ layer, trace }: RunResult): string[] {
  if (trace.epsilon === layer.epsilon) return [];
  const { name } = layer.convention;
  return [
    `epsilon ${layer.epsilon} is below what ${name} computes with: it is raised to ${trace.epsilon}.`,
  ];
}

/** Channels that a person is shown; the rest is counted. `--full` and `--json` have them all. */
const channelsShown = 64;

function* asLines(
  result: RunResult,
  sentence: string,
  findings: readonly Finding[],
): Generator<string> {
  yield* header(result);
  yield* ['', sentence, ''];
  yield* channelTable(result);
  yield* outputLines(result);
  yield* historyLines(result);
  if (result.gradients) yield* gradientLines(result.gradients, shownChannels(result));
  for (const finding of findings) yield* ['', ...findingLines(finding)];
}

function header({ layer, flags, subject, trace }: RunResult): string[] {
  const { convention, channelAxis } = layer;
  const { shape, dtype } = subject.input;
  const rules = pathRules(convention, shape.length, channelAxis, layer.precision);
  const path = pathName(layer, shape.length);
  const weighs =
    layer.momentum === null ? 'cumulative' : `weighs the ${rules.momentum.weighs} value`;
  const axes = axisNames(shape, channelAxis).join(' ');
  const [n, most] = countBounds(trace.batch);
  const counts = most > n ? `${n} to ${most}` : String(n);
  return layOutPairs([
    ['input', `${shortDType(dtype)}${formatShape(shape)}  ${axes}  ${subject.inputLabel}`],
    [
      'channels',
      `${trace.channels} on axis ${channelAxis}, ${counts} ${most === 1 ? 'value' : 'values'} each`,
    ],
    [
      'convention',
      `${convention.id}  ${convention.name}, ${convention.api}${path ? ` (${path})` : ''}`,
    ],
    ['flags', `training ${flags.training}, trainable ${flags.trainable}`],
    ['epsilon', String(layer.epsilon)],
    ['momentum', `${layer.momentum ?? 'none'}  (${weighs})`],
    ['steps', String(trace.steps)],
  ]);
}

function shownChannels({ history, trace }: Pick<RunResult, 'history' | 'trace'>): number {
  return history ? trace.channels : Math.min(trace.channels, channelsShown);
}

function channelTable({ layer, trace, history }: RunResult): string[] {
  const shown = shownChannels({ trace, history });
  const { channel, stored, computed, count } = channelColumns(shown);
  const moved = (head: string, before: Float64Array, after: Float64Array): Column[] =>
    trace.updated
      ? [stored(head, before), stored('after', after)]
      : [stored(`${head} (stays)`, before)];
  const { output, batch } = trace;
  const lines = layOutTable([
    channel,
    stored('gamma', layer.gamma),
    stored('beta', layer.beta),
    computed('batch mean', batch.mean),
    computed('batch variance', batch.variance),
    ...moved('moving mean', trace.movingMeanBefore, trace.movingMeanAfter),
    ...moved('moving variance', trace.movingVarianceBefore, trace.movingVarianceAfter),
    computed('output min', output.min),
    computed('max', output.max),
    computed('mean', output.mean),
    computed('std', output.std),
    count('NaN', output.nan),
    count('+Inf', output.posInf),
    count('-Inf', output.negInf),
  ]);
  const rest = trace.channels - shown;
  return rest === 0
    ? lines
    : [...lines, `… and ${rest} more channels: --full or --json has them all.`];
}

function* outputLines({ output, subject }: RunResult): Generator<string> {
  if (!output) return;
  yield '';
  yield* rowsOf('output', subject.input.shape, output);
}

function historyLines({ history, trace }: RunResult): string[] {
  if (!history || !trace.updated) return [];
  const list = (values: Float32Array): string => Array.from(values, formatFloat32).join(' ');
  return [
    '',
    ...layOutTable([
      { head: 'step', align: 'right', cells: history.map(({ step }) => String(step)) },
      { head: 'moving mean', align: 'left', cells: history.map(h => list(h.movingMean)) },
      { head: 'moving variance', align: 'left', cells: history.map(h => list(h.movingVariance)) },
    ]),
  ];
}

function findingLines({ severity, message, fix, source }: Finding): string[] {
  return [`${severity}: ${message}`, `  ${fix}`, `  (${source})`];
}
