import type { CheckpointFacts } from '../../core/batchnorm/diagnose/finding';
import type { Statement } from '../../core/batchnorm/statement';
import type { Problem, Result } from '../../core/problem';
import type { Shape } from '../../core/tensor/shape';
import type { Tensor, TensorHandle } from '../../core/tensor/tensor';
import type { ListedLayer, ListedTensor } from '../../protocol/tensorFile';

/** Enough of a file to see that it is another than before. */
export interface FileStamp {
  readonly size: number;
  /** Milliseconds. */
  readonly changed: number;
}

/** What was read together with a file. */
export interface FileBeside {
  /** Addresses of files beside it that it refers to: shards, external data. */
  readonly beside: readonly string[];
}

/** What a file holds, by name: no values. */
export interface FileContents extends FileBeside {
  /** For people: `PyTorch checkpoint`. */
  readonly format: string;
  /** Bytes of the file. */
  readonly bytes: number;
  readonly tensors: readonly ListedTensor[];
  readonly layers: readonly ListedLayer[];
  /** In whole sentences. */
  readonly notes: readonly string[];
}

/** A tensor of a file, taken into the engine. */
export interface FileTensor extends FileBeside {
  readonly handle: TensorHandle;
  /** What was done to read it: values rounded, complex numbers as pairs. */
  readonly notes: readonly string[];
}

/** A layer as its file states it. */
export interface FileLayer extends FileBeside {
  readonly statement: Statement;
  readonly channels: number;
  readonly notes: readonly string[];
  /** What its file says beside the numbers; absent where it is of no file. */
  readonly checkpoint?: CheckpointFacts;
  /** What the layer is given where it is from; absent where nothing there says. */
  readonly own?: OwnInput;
}

/** An input that comes with a layer: its values, or what is known without them. */
export type OwnInput =
  | { readonly kind: 'tensor'; readonly tensor: Tensor; readonly name: string }
  /** `note` is a sentence that says why the values are not known, and what is drawn instead. */
  | { readonly kind: 'shape'; readonly shape: Shape; readonly note: string };

/** Reads tensor files, wherever they are. Files are known by their address. */
export interface TensorFiles {
  list(uri: string, signal: AbortSignal): Promise<Result<FileContents>>;
  /** Reads a whole tensor; the caller closes its handle. */
  tensor(uri: string, name: string, signal: AbortSignal): Promise<Result<FileTensor>>;
  /** Reads the parameters of a layer. @param quietly nobody waits for it: progress is not shown */
  layer(
    uri: string,
    name: string,
    signal: AbortSignal,
    quietly?: boolean,
  ): Promise<Result<FileLayer>>;
  /** @returns undefined where there is no such file; else of it and of these files beside it together */
  stamp(uri: string, beside?: readonly string[]): Promise<FileStamp | undefined>;
}

/** The user stopped the read: unlike a newer request, nothing takes its place. */
export const cancelledByUser = 'cancelled-by-user';

/** There is no tensor or layer of that name, any more. */
export function noSuchItem(kind: 'tensor' | 'layer', name: string): Problem {
  const message = `There is no ${kind === 'layer' ? 'batch-norm layer' : 'tensor'} “${name}” in the file (any more): choose another in its list.`;
  return { code: 'item-missing', severity: 'error', message };
}
