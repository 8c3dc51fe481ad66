import type {
  Folds,
  LayersCompared,
  NamedStatement,
} from '../../core/batchnorm/comparing/compareLayers';
import type { ComparedPair } from '../../core/batchnorm/comparing/layerPair';
import type { LayerOfFile } from '../../core/batchnorm/diagnose/acrossFiles';
import type { Finding, Known } from '../../core/batchnorm/diagnose/finding';
import type { FoldFiles } from '../../core/batchnorm/folding/findFolds';
import type { IncompleteLayer } from '../../core/batchnorm/incompleteLayers';
import type { Examined, FixEffect } from '../../core/batchnorm/fixEffect';
import type { Tolerance } from '../../core/statistics/compare';
import { inTurns } from '../inTurns';
import { isAborted } from '../lifecycle';
import type { EngineClient } from '../inspection/inputLoader';
import type { fixesFor } from '../language/runFileFixes';
import type { FileFinding, FileToExamine } from '../language/runFileFindings';

/** Looks for everything wrong or noteworthy, worst first. The rules are loaded by the first call. */
export async function diagnose(known: Known): Promise<readonly Finding[]> {
  const doctor = await import('./doctor');
  return doctor.diagnose(known);
}

/** What a fix did to a result. */
export async function fixEffect(before: Examined, after: Examined): Promise<FixEffect> {
  const doctor = await import('./doctor');
  return doctor.fixEffect(before, after);
}

/** What is said of a layer that cannot be made. */
export async function layerIncomplete(
  incomplete: Pick<IncompleteLayer, 'reason' | 'evidence'>,
): Promise<Finding> {
  const doctor = await import('./doctor');
  return doctor.layerIncomplete(incomplete);
}

/** What is found only because there are two checkpoints of one layer. */
export async function findAcrossFiles(a: LayerOfFile, b: LayerOfFile): Promise<readonly Finding[]> {
  const doctor = await import('./doctor');
  return doctor.findAcrossFiles(a, b);
}

/** What explains how far two layers are apart. */
export async function findInPair(pair: ComparedPair): Promise<readonly Finding[]> {
  const doctor = await import('./doctor');
  return doctor.findInPairs([pair]);
}

/** Pairs the layers of two files and compares them. @returns undefined where it was stopped */
export async function compareStatements(
  a: readonly NamedStatement[],
  b: readonly NamedStatement[],
  { tolerance, folds }: { readonly tolerance: Tolerance; readonly folds?: Folds | undefined },
  signal: AbortSignal,
): Promise<LayersCompared | undefined> {
  const doctor = await import('./doctor');
  return inTurns(doctor.compareStatements(a, b, tolerance, folds), signal);
}

/**
 * Finds the batch norms of one file that the other one has in its weights.
 * @param ofA what is read where those of A are looked for in B
 * @returns undefined where it was stopped
 */
export async function findFoldsBetween(
  a: readonly NamedStatement[],
  b: readonly NamedStatement[],
  { ofA, ofB }: { readonly ofA: FoldFiles; readonly ofB: FoldFiles },
  signal: AbortSignal,
): Promise<Folds | undefined> {
  const doctor = await import('./doctor');
  const unpaired = await inTurns(doctor.unpairedStatements(a, b), signal);
  if (!unpaired) return undefined;
  const folds = {
    ofA: await doctor.findFolds(unpaired.a, ofA),
    ofB: await doctor.findFolds(unpaired.b, ofB),
  };
  return isAborted(signal) ? undefined : folds;
}

/** What the next step over a run file's input shows to be wrong with it, where it stands. */
export async function findInRunFile(
  engine: EngineClient,
  file: FileToExamine,
  signal: AbortSignal,
): Promise<readonly FileFinding[]> {
  const doctor = await import('./doctor');
  return doctor.findInRunFile(engine, file, signal);
}

/** What mends a problem of a run file. */
export async function runFileFixes(): Promise<typeof fixesFor> {
  const doctor = await import('./doctor');
  return doctor.fixesFor;
}
