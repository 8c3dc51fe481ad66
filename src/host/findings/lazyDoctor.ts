import type { ComparedPair } from '../../core/batchnorm/comparing/layerPair';
import type { LayerOfFile } from '../../core/batchnorm/diagnose/acrossFiles';
import type { Finding, Known } from '../../core/batchnorm/diagnose/finding';
import type { IncompleteLayer } from '../../core/batchnorm/incompleteLayers';
import type { Examined, FixEffect } from '../../core/batchnorm/fixEffect';

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
