import type { FlagRule, Flags } from './flags';
import { otherWeight, type MomentumRule } from './momentumRules';
import type { VarianceRule } from './varianceRules';
import type { Precision } from '../tensor/tensor';

/**
 * One framework's rules of batch norm, as data. Nothing outside its own file asks which framework it
 * is: whatever differs between frameworks is a field here. Adding one is a file beside the others and
 * a line in conventions/registry.ts.
 */
export interface Convention extends PathRules {
  /** As `CLI.md` names it: `tf1`, `pytorch`, … */
  readonly id: string;
  /** For the picker: `TensorFlow 1, fused`. */
  readonly name: string;
  /** The call it describes: `tf.layers.batch_normalization`. */
  readonly api: string;
  /** The versions for which these rules hold, and where they changed. */
  readonly versions: string;
  /** Releases that changed a rule, oldest first; empty where none is known to have. */
  readonly changes: readonly VersionChange[];
  readonly defaults: ConventionDefaults;
  /** The moving variance of a layer that has just been made, where it is not 1. */
  readonly initialMovingVariance?: number;
  /** The rules of another kernel that the framework takes for some inputs. */
  readonly otherPath?: OtherPath;
  /** Batch statistics normalise when this holds; else the moving ones do. */
  readonly usesBatchStatistics: FlagRule;
  /** The moving statistics take the batch in when this holds. */
  readonly updatesMoving: FlagRule;
  /** An optimiser may change gamma and beta when this holds. */
  readonly updatesParameters: FlagRule;
  /** Which versions have batch renormalisation (`renorm.ts`); absent where none has. */
  readonly renorm?: string;
  /** What is known of virtual (ghost) batches; absent where the framework has none. */
  readonly ghostBatch?: GhostBatchRule;
  /** Ranks of input the layer accepts. */
  readonly ranks: readonly [minimum: number, maximum: number];
  /** 1/sqrt(variance + epsilon) when that is 1/0 and the statistics are the batch's. */
  readonly zeroVarianceInverse: 'infinity' | 'zero';
  /** What the moving statistics make of a batch without elements: its mean is 0/0, or nothing happens. */
  readonly emptyBatch: 'averaged' | 'ignored';
  /** One sentence a flag combination: why this normalises, why this moves or stays. */
  readonly because: (flags: Flags) => Because;
  /** What to do in this framework so that the moving statistics take batches in; a sentence. */
  readonly updateAdvice: string;
  /** How the framework spells the flags in code, for the panel and copied snippets. */
  readonly flagNames: { readonly training: string; readonly trainable: string };
  /** Names of gamma, beta, moving mean and moving variance in its files. */
  readonly parameterNames: ParameterNames;
  /** What its files call the count of batches; absent where they have none. */
  readonly batchCount?: string;
  /** The argument by which it takes gamma as 1 whatever a file holds, where that is on by default. */
  readonly gammaFixedBy?: string;
  /** What the numbers above do not show and a user has to know; whole sentences. */
  readonly notes?: readonly string[];
  /** What the framework makes of input that is wrong: whole sentences, and what is not known of it. */
  readonly badInput: string;
  /** Whether these rules were checked by running the real framework (else read in its source). */
  readonly verifiedByRunning: boolean;
  /** What exactly was run, or what the rules are held to instead; a sentence. */
  readonly execution: string;
  /** Where each fact was read. */
  readonly source: string;
}

/** A rule that became another. */
export interface VersionChange {
  /** `TF 1.6`, `opset 14`: the first that has the new rule. */
  readonly version: string;
  /** What holds from it on, and what held before; a sentence. */
  readonly text: string;
}

/** What depends on the kernel a framework picks, and not only on the framework. */
export interface PathRules {
  readonly momentum: MomentumRule;
  readonly movingVariance: VarianceRule;
  /** Smallest epsilon the kernel accepts; a smaller one is raised to it. 0 where there is none. */
  readonly epsilonFloor: number;
  readonly mask: MaskRule;
  /** What happens with one value a channel when batch statistics are asked for. */
  readonly singleValue: SingleValueRule;
  /** How the framework's own arithmetic loses digits where Normscope's does not; absent where it is not known to. */
  readonly cancellation?: CancellationRule;
}

/** Two float32 numbers of the size of the mean are subtracted, where the mean is large beside the deviation. */
export interface CancellationRule {
  readonly loses: 'variance' | 'output';
  /** Whether it happens under the batch's statistics only, the moving ones only, or both. */
  readonly when: 'batch' | 'moving' | 'always';
  /** Which kernels do: `Keras 3 on numpy`. Begins a sentence. */
  readonly where: string;
  readonly source: string;
}

/** The moving variance of a layer that has just been made: 1, or what the convention says. */
export function initialMovingVariance(convention: Convention): number {
  return convention.initialMovingVariance ?? 1;
}

/** What a mask over the positions of an input does to the batch statistics. Outputs are never masked. */
export type MaskRule =
  /** Masked positions weigh nothing; the sums are divided by the count plus this. */
  | { readonly kind: 'weighted'; readonly denominatorEpsilon: number }
  /** There is none, or it is accepted and has no effect. */
  | { readonly kind: 'ignored' };

/** `virtual_batch_size`: statistics over parts of the batch (`ghostBatch.ts`). */
export interface GhostBatchRule {
  readonly versions: string;
  /** The batch must be a multiple of the virtual one in inference too, where it has no other effect. */
  readonly dividesInference: boolean;
}

export const maskIgnored: MaskRule = { kind: 'ignored' };

export interface OtherPath extends PathRules {
  /** For the panel: `not fused`. */
  readonly name: string;
  /** When it is taken, in words. */
  readonly text: string;
  readonly applies: (rank: number, channelAxis: number, precision: Precision) => boolean;
}

/** The rules that hold for a plain layer and an input of this rank; see `kernelRules` in layer.ts. */
export function pathRules(
  convention: Convention,
  rank: number,
  channelAxis: number,
  precision: Precision,
): PathRules {
  const other = convention.otherPath;
  return other?.applies(rank, channelAxis, precision) === true ? other : convention;
}

export interface ConventionDefaults {
  readonly epsilon: number;
  /** In this convention's own meaning; null is the cumulative average. */
  readonly momentum: number | null;
  /** May be negative: −1 is the last axis. */
  readonly channelAxis: number;
  readonly training: boolean;
  readonly trainable: boolean;
}

export interface Because {
  /** Completes "The batch's own statistics normalise, because …". */
  readonly normalization: string;
  /** Completes "the moving statistics take the batch in / stay, because …". */
  readonly update: string;
  /** A clause of its own about gamma and beta, where the flags matter to them. */
  readonly parameters?: string;
}

export interface ParameterNames {
  readonly gamma: string;
  readonly beta: string;
  readonly movingMean: string;
  readonly movingVariance: string;
}

export type SingleValueRule =
  /** The framework goes on; the variance is 0 and every output is beta. */
  | { readonly kind: 'accepted'; readonly note: string }
  /** The framework raises this error. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * The same update said in another convention: 0.99 as the weight of the old value is 0.01 as the
 * weight of the new. Null (cumulative) stays null where the target allows it.
 */
export function translateMomentum(
  momentum: number | null,
  from: Convention,
  to: Convention,
): number | null {
  if (momentum === null) return to.momentum.allowsCumulative ? null : to.defaults.momentum;
  if (from.momentum.weighs === to.momentum.weighs) return momentum;
  return otherWeight(momentum);
}
