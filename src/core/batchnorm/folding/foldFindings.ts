import { formatSetting, formatSignificant } from '../../text/format';
import { mostAffected, outputEffect, inputDeviations } from '../comparing/outputEffect';
import type { PairFinding } from '../comparing/findings/registry';
import { channelsWhere, evidenceTable, nameChannels } from '../diagnose/channelsWhere';
import { thresholds } from '../diagnose/thresholds';
import type { FoundFold } from './findFolds';
import { statisticsFolded, type FoldToExplain } from './explainFold';

const source =
  'W′ = W·s, b′ = beta + (b − mean)·s, s = gamma/√(variance + epsilon): torch/nn/utils/fusion.py:16-33; open-mmlab/mmcv#747, ultralytics/yolov3#807, onnx/optimizer#255, pytorch#121470';

/** @param holder which of the two files has the batch norms; the other one has them folded */
export function foldFindings(folds: readonly FoundFold[], holder: 'A' | 'B'): PairFinding[] {
  const right = folds.filter(fold => isRight(fold));
  const wrong = folds.filter(fold => !isRight(fold));
  const alike = new Map<string, FoundFold[]>();
  for (const fold of wrong) {
    const key = mistakesOf(fold)
      .map(({ id }) => id)
      .join();
    alike.set(key, [...(alike.get(key) ?? []), fold]);
  }
  return [
    ...[...alike.values()].map(group => wrongFinding(group, holder)),
    ...(right.length === 0 ? [] : [rightFinding(right, holder)]),
  ];
}

function isRight({ explained: { scale, bias } }: FoundFold): boolean {
  return scale.worst <= thresholds.foldError && bias.worst <= thresholds.foldError;
}

interface Said {
  readonly id: string;
  readonly text: string;
  readonly fix: string;
}

const unexplained: Said = {
  id: 'unexplained',
  text: 'no known mistake gives these numbers',
  fix: 'Fold again: W′ = W·s and b′ = beta + (b − mean)·s with s = gamma/√(variance + epsilon) in float32, from the moving statistics, and with the layer in inference.',
};

function mistakesOf({ explained: { scale, bias } }: FoundFold): readonly Said[] {
  const found = [scale, bias]
    .filter(({ worst }) => worst > thresholds.foldError)
    .map(({ mistake }) => mistake ?? unexplained);
  return found.filter(({ id }, i) => found.findIndex(other => other.id === id) === i);
}

function wrongFinding(group: readonly FoundFold[], holder: 'A' | 'B'): PairFinding {
  const ordered = [...group].sort((p, q) => sizeOf(q) - sizeOf(p));
  const worst = ordered[0] as FoundFold;
  const mistakes = mistakesOf(worst);
  const { scale, bias } = worst.explained;
  const effect = effectOf(worst.fold);
  const channel = mostAffected(effect) ?? 0;
  const at = (numbers: Float64Array): number => numbers[channel] as number;
  const isWrong = (c: number): boolean =>
    (scale.error[c] as number) > thresholds.foldError ||
    (bias.error[c] as number) > thresholds.foldError;
  const channels = channelsWhere(effect.length, isWrong);
  const badness = (c: number): number => {
    const size = effect[c] as number;
    return Number.isNaN(size) ? Infinity : size;
  };
  const other = holder === 'A' ? 'B' : 'A';
  const more = group.length - 1;
  return {
    id: 'fold-error',
    severity: 'error',
    message: `${nameOf(worst)} of ${holder} is folded into ${worst.foldedWeight} of ${other} wrongly in ${nameChannels(channels, effect.length)}: ${mistakes.map(({ text }) => text).join(', and ')}. In channel ${channel} ${termsText(worst, channel)}, and outputs are off by up to ${formatSignificant(badness(channel), 3)} over inputs within ${inputDeviations} moving deviations of the mean.${more === 0 ? '' : ` ${more} more ${more === 1 ? 'layer is' : 'layers are'} folded so.`}`,
    channels,
    layers: ordered.map(({ layer }) => layer),
    evidence: {
      weight: worst.foldedWeight,
      channel,
      biasFound: at(bias.found),
      biasExact: at(bias.exact),
      scaleFound: at(scale.found),
      scaleExact: at(scale.exact),
      outputChange: at(effect),
      mistakes: mistakes.map(({ id }) => id).join(', '),
      ...statisticsEvidence(worst, channel),
    },
    table: evidenceTable(channels, badness, {
      'output change': c => effect[c] as number,
      'bias found': c => bias.found[c] as number,
      'bias by the formula': c => bias.exact[c] as number,
      'scale found': c => scale.found[c] as number,
      'scale by the formula': c => scale.exact[c] as number,
    }),
    fix: mistakes.map(({ fix }) => fix).join(' '),
    source,
  };
}

/** Which ones were folded in place of those of the layer, where that is what went wrong. */
function statisticsEvidence(fold: FoundFold, channel: number): PairFinding['evidence'] {
  if (!mistakesOf(fold).some(({ id }) => id === 'other-statistics')) return {};
  const { mean, variance } = statisticsFolded(fold.fold, channel);
  return {
    meanFolded: mean,
    movingMean: fold.fold.movingMean[channel] as number,
    varianceFolded: variance,
    movingVariance: fold.fold.movingVariance[channel] as number,
  };
}

/** `the bias is 6.43 where the formula gives 3.08`, of what is wrong there. */
function termsText({ explained }: FoundFold, channel: number): string {
  const terms = [
    ['scale', explained.scale],
    ['bias', explained.bias],
  ] as const;
  const wrong = terms.filter(([, { worst }]) => worst > thresholds.foldError);
  return wrong
    .map(([name, { found, exact }]) => {
      const [own, wanted] = [found[channel] as number, exact[channel] as number];
      return `the ${name} is ${formatSignificant(own, 6)} where the formula gives ${formatSignificant(wanted, 6)}`;
    })
    .join(', ');
}

function rightFinding(folds: readonly FoundFold[], holder: 'A' | 'B'): PairFinding {
  const other = holder === 'A' ? 'B' : 'A';
  const first = folds[0] as FoundFold;
  const error = Math.max(
    ...folds.map(({ explained: { scale, bias } }) => Math.max(scale.worst, bias.worst)),
  );
  const what =
    folds.length === 1
      ? `${nameOf(first)} of ${holder} is folded into ${first.foldedWeight} of ${other}`
      : `${folds.length} layers of ${holder} are folded into weights of ${other}`;
  return {
    id: 'folded',
    severity: 'note',
    message: `${what} as the formula has it: no number is further from it than ${formatSignificant(error, 2)} of its largest term.${epsilonText(folds, holder)}`,
    channels: [],
    layers: folds.map(({ layer }) => layer),
    evidence: { layers: folds.length, largestError: error },
    fix: 'Nothing: inference is the same. Training on is not, as there is no batch norm any more.',
    source,
  };
}

/** Where the formula holds for an epsilon that no file states. */
function epsilonText(folds: readonly FoundFold[], holder: 'A' | 'B'): string {
  const assumed = new Set(folds.flatMap(({ assumedEpsilon }) => assumedEpsilon ?? []));
  if (assumed.size === 0) return '';
  return ` The epsilon is then ${[...assumed].map(formatSetting).join(' and ')}, which ${holder} does not state: give it to the layers where they are made.`;
}

function sizeOf({ fold }: FoundFold): number {
  const effect = effectOf(fold);
  const worst = mostAffected(effect);
  const size = worst === undefined ? 0 : (effect[worst] as number);
  return Number.isNaN(size) ? Infinity : size;
}

/** Of outputs as functions of what the weight alone makes of its input, before any bias. */
function effectOf(fold: FoldToExplain): Float64Array {
  const { gamma, beta, movingMean, movingVariance, epsilon, bias, foundScale, foundBias } = fold;
  const zeros = new Float64Array(gamma.length);
  const before = {
    gamma,
    beta,
    movingMean: movingMean.map((mean, c) => mean - (bias?.[c] ?? 0)),
    movingVariance,
    epsilon,
  };
  // y = scale·u + bias is a batch norm of mean 0 and variance 1; a weight of 0 has no scale to be wrong.
  const after = {
    gamma: foundScale.map((scale, c) =>
      Number.isNaN(scale)
        ? (gamma[c] as number) / Math.sqrt((movingVariance[c] as number) + epsilon)
        : scale,
    ),
    beta: foundBias ?? zeros,
    movingMean: zeros,
    movingVariance: zeros.map(() => 1),
    epsilon: 0,
  };
  return outputEffect(before, after);
}

function nameOf({ layer }: FoundFold): string {
  return layer === '' ? 'The file’s own layer' : layer;
}
