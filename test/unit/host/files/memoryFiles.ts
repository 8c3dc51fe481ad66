import { fail, ok, type Result } from '../../../../src/core/problem';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import {
  noSuchItem,
  type FileContents,
  type FileStamp,
  type FileTensor,
  type TensorFiles,
} from '../../../../src/host/files/fileEngine';
import type { CheckpointFacts } from '../../../../src/core/batchnorm/diagnose/finding';
import type { ListedLayer } from '../../../../src/protocol/tensorFile';
import type { EngineClient } from '../../../../src/host/inspection/inputLoader';

export interface MemoryLayer {
  readonly gamma?: readonly number[];
  readonly beta?: readonly number[];
  readonly movingMean: readonly number[];
  readonly movingVariance: readonly number[];
  readonly convention?: string;
  readonly channelAxis?: number;
}

/** One tensor file in memory, which a test can rewrite, cut short or remove. */
export class MemoryFiles implements TensorFiles {
  /** Names of what was read, in order. */
  readonly reads: string[] = [];
  broken = false;
  info: FileStamp | undefined = { size: 1, changed: 0 };
  /** Addresses of its shards. */
  beside: readonly string[] = [];
  readonly tensors = new Map<string, { shape: number[]; data: Float32Array }>();
  readonly layers = new Map<string, MemoryLayer>();
  /** Layers that cannot be made. */
  incomplete: readonly ListedLayer[] = [];
  checkpoint: CheckpointFacts | undefined;

  constructor(private readonly engine?: () => EngineClient) {}

  /** A write: the time moves on. */
  touch(size = 1): void {
    this.info = { size, changed: Date.now() + this.reads.length };
  }

  list(): Promise<Result<FileContents>> {
    this.reads.push('list');
    if (this.broken) return Promise.resolve(fail('file-cut', 'model.pt: it is cut short.'));
    const tensors = [...this.tensors].map(([name, { shape }]) => ({
      name,
      shape,
      dtype: 'float32',
      bytes: 4,
    }));
    const layers = [...this.layers].map(([name, layer]) => ({
      name,
      channels: layer.movingMean.length,
      convention: '',
      parameters: {},
      stated: [],
      notes: [],
    }));
    const { beside } = this;
    const all = [...layers, ...this.incomplete];
    return Promise.resolve(
      ok({ format: 'a test', bytes: 1, tensors, layers: all, notes: [], beside }),
    );
  }

  async tensor(_: string, name: string, signal: AbortSignal): Promise<Result<FileTensor>> {
    this.reads.push(`tensor ${name}`);
    const found = this.tensors.get(name);
    if (this.broken || !found || !this.engine)
      return { ok: false, problem: noSuchItem('tensor', name) };
    const { shape, data } = found;
    const loaded = await this.engine().load({ shape, data, dtype: 'float32' }, { signal });
    return loaded.ok ? ok({ handle: loaded.value, notes: [], beside: this.beside }) : loaded;
  }

  layer(_: string, name: string): ReturnType<TensorFiles['layer']> {
    this.reads.push(`layer ${name}`);
    const found = this.layers.get(name);
    if (this.broken || !found)
      return Promise.resolve({ ok: false, problem: noSuchItem('layer', name) });
    const { convention, channelAxis, ...parameters } = found;
    const statement: Statement = {
      ...(convention !== undefined && { convention }),
      ...(channelAxis !== undefined && { channelAxis }),
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, values]) => [key, Float64Array.from(values)]),
      ),
    };
    return Promise.resolve(
      ok({
        statement,
        channels: found.movingMean.length,
        ...(this.checkpoint && { checkpoint: this.checkpoint }),
        notes: [],
        beside: this.beside,
      }),
    );
  }

  stamp(_uri?: string): Promise<FileStamp | undefined> {
    return Promise.resolve(this.info);
  }
}
