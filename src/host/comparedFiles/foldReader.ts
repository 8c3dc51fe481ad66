import type { FileTensorShape, FoldFiles } from '../../core/batchnorm/folding/findFolds';
import type { Result } from '../../core/problem';
import type { TensorHandle } from '../../core/tensor/tensor';
import type { TensorFiles } from '../files/fileEngine';
import type { EngineClient } from '../inspection/inputLoader';

/** What weights are read with. */
export interface WeightServices {
  readonly files: Pick<TensorFiles, 'tensor'>;
  readonly engine: () => Pick<EngineClient, 'read' | 'ratios' | 'close'>;
}

/** A file whose weights may be asked for. */
export interface FileWithWeights {
  readonly uri: string;
  readonly tensors: readonly FileTensorShape[];
}

/** Reads weights into the engine one at a time, and lets each go. What cannot be read tells nothing. */
export function foldFiles(
  a: FileWithWeights,
  b: FileWithWeights,
  { files, engine }: WeightServices,
  signal: AbortSignal,
): FoldFiles {
  const call = { signal };

  async function during<T>(
    uri: string,
    name: string,
    use: (tensor: TensorHandle) => Promise<Result<T> | undefined>,
  ): Promise<Result<T> | undefined> {
    if (signal.aborted) return undefined;
    const read = await files.tensor(uri, name, signal);
    if (!read.ok) return undefined;
    try {
      return await use(read.value.handle);
    } finally {
      void engine().close(read.value.handle.id);
    }
  }

  return {
    a: a.tensors,
    b: b.tensors,
    vector: async (side, name) => {
      const values = await during((side === 'a' ? a : b).uri, name, ({ id, shape }) =>
        engine().read({ tensor: id, start: 0, count: shape[0] ?? 0 }, call),
      );
      return values?.ok === true ? Float64Array.from(values.value) : undefined;
    },
    ratios: async (nameA, nameB, layout) => {
      const found = await during(a.uri, nameA, first =>
        during(b.uri, nameB, second =>
          engine().ratios({ a: first.id, b: second.id, layout }, call),
        ),
      );
      return found?.ok === true ? found.value : undefined;
    },
  };
}
