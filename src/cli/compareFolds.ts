import { unpairedLayers, type Folds } from '../core/batchnorm/comparing/compareLayers';
import type { ComparedLayer } from '../core/batchnorm/comparing/layerPair';
import { channelRatios, ProductStream } from '../core/batchnorm/folding/channelProducts';
import { findFolds, type FoldFiles } from '../core/batchnorm/folding/findFolds';
import { guarded } from '../core/formats/badFile';
import { compareEntries, PairMemory } from '../core/formats/compareEntries';
import { runSteps } from '../core/steps';
import type { Source } from './source';

const { signal } = new AbortController();

/** The batch norms of one file that the other one has in its weights. Weights are read only where layers have no partner. */
export async function findFoldsIn(
  { a, b }: { readonly a: Source; readonly b: Source },
  layersA: readonly ComparedLayer[],
  layersB: readonly ComparedLayer[],
): Promise<Folds> {
  const unpaired = runSteps(unpairedLayers(layersA, layersB));
  return {
    ofA: await findFolds(unpaired.a, foldFiles(a, b)),
    ofB: await findFolds(unpaired.b, foldFiles(b, a)),
  };
}

function foldFiles(a: Source, b: Source): FoldFiles {
  const memory = new PairMemory();
  const tensorsOf = (source: Source): Map<string, Source['tensors'][number]> =>
    new Map(source.tensors.map(tensor => [tensor.name, tensor]));
  const sides = { a: tensorsOf(a), b: tensorsOf(b) };
  return {
    a: a.tensors,
    b: b.tensors,
    vector: async (side, name) => {
      const loaded = await sides[side].get(name)?.load();
      return loaded?.ok === true ? Float64Array.from(loaded.value.tensor.data) : undefined;
    },
    ratios: async (nameA, nameB, layout) => {
      const [first, second] = [sides.a.get(nameA), sides.b.get(nameB)];
      if (!first || !second) return undefined;
      const stream = new ProductStream(layout);
      const read = await guarded(nameA, async () => {
        await compareEntries(first.entry, second.entry, stream, signal, memory);
      });
      return read.ok ? channelRatios(stream.products()) : undefined;
    },
  };
}
