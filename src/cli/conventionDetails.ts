import {
  initialMovingVariance,
  type CancellationRule,
  type Convention,
  type MaskRule,
  type PathRules,
} from '../core/batchnorm/convention';
import { lineWidth, wrap } from './wrap';

/** Everything that is known of a convention, for a person, in lines that fit a terminal. */
export function conventionDetails(convention: Convention): string[] {
  return [
    `${convention.id}: ${convention.name}`,
    ...facts(convention).flatMap(([label, text]) => paragraph(label, text)),
    '',
  ];
}

type Fact = readonly [label: string, text: string];

function facts(convention: Convention): Fact[] {
  const { api, versions, changes, notes = [], badInput, execution, source } = convention;
  return [
    ['call', api],
    ['versions', versions],
    ...changes.map(({ version, text }): Fact => ['changed', `${version}: ${text}`]),
    ['defaults', defaultsOf(convention)],
    ...flagFacts(convention),
    ...pathFacts(convention),
    ...otherPathFacts(convention),
    ...optionFacts(convention),
    ['ranks', `${convention.ranks[0]} to ${convention.ranks[1]}`],
    ['names', Object.values(convention.parameterNames).join(', ')],
    ['n = 0', emptyBatch[convention.emptyBatch]],
    ['variance 0', zeroVariance[convention.zeroVarianceInverse]],
    ['bad input', badInput],
    ...notes.map((note): Fact => ['note', note]),
    ['checked', execution],
    ['source', source],
  ];
}

function defaultsOf(convention: Convention): string {
  const { epsilon, momentum, channelAxis, training, trainable } = convention.defaults;
  const start = `a fresh layer has mean 0, variance ${initialMovingVariance(convention)}`;
  return `epsilon ${epsilon}, momentum ${momentum ?? 'none'}, channel axis ${channelAxis}, training ${training}, trainable ${trainable}; ${start}`;
}

function flagFacts(convention: Convention): Fact[] {
  const { flagNames, usesBatchStatistics, updatesMoving, updatesParameters } = convention;
  return [
    ['flags', `training: ${flagNames.training}; trainable: ${flagNames.trainable}`],
    ['batch', `its statistics normalise when ${usesBatchStatistics.text}, else the moving ones`],
    ['moving', `they take the batch in when ${updatesMoving.text}`],
    ['learning', `gamma and beta learn when ${updatesParameters.text}`],
  ];
}

function pathFacts({
  momentum,
  movingVariance,
  epsilonFloor,
  mask,
  singleValue,
  cancellation,
}: PathRules): Fact[] {
  const cumulative = momentum.allowsCumulative
    ? '; momentum None is the average of all batches'
    : '';
  return [
    ['momentum', `weighs the ${momentum.weighs} value: ${momentum.text}${cumulative}`],
    ['rounding', momentum.rounding],
    ['variance', `the moving one takes in ${movingVariance.text}`],
    ...(epsilonFloor > 0 ? [['epsilon', `at least ${epsilonFloor}`] as const] : []),
    ['mask', maskText(mask)],
    ...(cancellation ? [['loses digits', cancellationText(cancellation)] as const] : []),
    [
      'n = 1',
      singleValue.kind === 'accepted' ? singleValue.note : `refused: ${singleValue.message}`,
    ],
  ];
}

/** What is other in the kernel that is taken for other inputs. */
function otherPathFacts({ otherPath, ...own }: Convention): Fact[] {
  if (!otherPath) return [];
  const usual = new Set(pathFacts(own).map(String));
  const changed = pathFacts(otherPath).filter(fact => !usual.has(String(fact)));
  const rules = changed.map(([label, text]) => `${label} ${text}`).join('; ');
  const floor = otherPath.epsilonFloor === own.epsilonFloor ? '' : '; epsilon as it is given';
  return [['else', `${otherPath.name} (${otherPath.text}): ${rules}${floor}`]];
}

function optionFacts({ renorm, ghostBatch }: Convention): Fact[] {
  return [
    ['renorm', renorm ?? 'none'],
    ['virtual batches', ghostBatch?.versions ?? 'none'],
  ];
}

function maskText(mask: MaskRule): string {
  if (mask.kind === 'ignored') return 'none, or ignored';
  const added = mask.denominatorEpsilon === 0 ? '' : ` plus ${mask.denominatorEpsilon}`;
  return `masked positions weigh nothing, and sums are divided by the count${added}`;
}

function cancellationText({ loses, when, where, source }: CancellationRule): string {
  const formula =
    loses === 'variance' ? 'the variance as E[x²] − E[x]²' : 'x·scale + (beta − mean·scale)';
  const mode =
    when === 'always' ? '' : `, with the ${when === 'batch' ? "batch's" : 'moving'} statistics`;
  return `${where} computes ${formula} in float32${mode} (${source}); Normscope does not`;
}

const emptyBatch: Readonly<Record<Convention['emptyBatch'], string>> = {
  averaged: 'the mean of nothing, NaN, is taken in',
  ignored: 'the moving statistics stay',
};

const zeroVariance: Readonly<Record<Convention['zeroVarianceInverse'], string>> = {
  infinity: 'with epsilon 0: 1/√0 is infinite',
  zero: 'with epsilon 0: 1/√0 is taken as 0 where the batch normalises',
};

const labelWidth = 15;

function paragraph(label: string, text: string): string[] {
  const lines = wrap(text, lineWidth - labelWidth - 4);
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(labelWidth)}  ${line}`);
}
