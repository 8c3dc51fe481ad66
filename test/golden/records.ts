import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RenormClipping } from '../../src/core/batchnorm/renorm';

/** The files beside this one; README.md says where each comes from. */
export const goldenFiles = [
  'seed',
  'keras3',
  'haiku',
  'onnx',
  'onnxruntime',
  'pytorch',
  'tensorflow',
  'tf-keras',
  'tfjs-core',
  'tfjs-layers',
  'tfjs-runtime',
  'web',
] as const;

export type Numbers = readonly (number | 'NaN' | 'Infinity' | '-Infinity')[];

export interface Expected {
  readonly error?: string | null;
  readonly message?: string | null;
  readonly num_batches_tracked?: number;
  readonly count_per_channel?: number;
  readonly renorm_state_out?: StoredRenorm;
  readonly [quantity: string]: Numbers | number | string | object | null | undefined;
}

/** A layer's state of batch renormalisation, as Keras names it. */
export interface StoredRenorm {
  readonly moving_stddev: readonly number[];
  readonly renorm_mean: readonly number[];
  readonly renorm_stddev: readonly number[];
}

/** One case as it stands in a file. Flat row-major arrays; float32 in its shortest decimal form. */
export interface GoldenRecord {
  /** File it comes from. */
  readonly file: string;
  readonly name: string;
  readonly source: string;
  readonly dialect: string;
  readonly kind?: string;
  readonly shape?: readonly number[];
  readonly axis?: number | readonly number[] | null;
  readonly dtype?: string;
  readonly x?: Numbers;
  readonly gamma?: Numbers | null;
  readonly beta?: Numbers | null;
  readonly moving_mean?: Numbers | null;
  readonly moving_variance?: Numbers | null;
  readonly num_batches_tracked?: number | null;
  readonly epsilon?: number;
  readonly momentum?: number | null;
  readonly flags?: {
    readonly training?: boolean;
    /** Haiku's name for it. */
    readonly is_training?: boolean;
    readonly trainable?: boolean;
    readonly track_running_stats?: boolean;
  };
  readonly renorm?: { readonly renorm_momentum: number; readonly renorm_clipping?: RenormClipping };
  readonly renorm_state_in?: StoredRenorm;
  readonly mask?: Numbers;
  readonly mask_shape?: readonly number[];
  readonly stats_shape?: readonly number[];
  readonly layer_args?: { readonly betaInitializer?: string };
  /** The loss's gradient at every output. */
  readonly dy?: Numbers;
  readonly steps?: readonly { readonly x: Numbers; readonly expected: Expected }[];
  readonly steps_count?: number;
  readonly expected: Expected;
  readonly actual?: Expected;
  readonly tol?: {
    readonly abs?: number;
    readonly rel?: number;
    readonly abs_mean?: number;
    readonly abs_variance?: number;
  };
  readonly informational?: boolean;
}

type Stored = Omit<GoldenRecord, 'file' | 'expected'> & {
  readonly expected?: Expected;
  readonly correct?: Readonly<Record<string, Numbers>>;
};

export function loadRecords(file: (typeof goldenFiles)[number]): readonly GoldenRecord[] {
  const text = readFileSync(join(__dirname, `${file}.json`), 'utf8');
  const { records } = JSON.parse(text) as { readonly records: readonly Stored[] };
  return records.map(record => ({ ...record, file, expected: expectedOf(record) }));
}

/** What has to come out; tfjs-runtime.json keeps it under `correct`, and an error under `actual`. */
function expectedOf({ expected, correct, actual }: Stored): Expected {
  if (expected) return expected;
  if (actual?.error === 'NotImplementedError') return actual;
  const {
    output,
    moving_mean_biased_rule: mean,
    moving_variance_biased_rule: variance,
  } = correct ?? {};
  return {
    ...(output && { output }),
    ...(mean && { moving_mean: mean }),
    ...(variance && { moving_variance: variance }),
  };
}

export function toNumbers(values: Numbers): number[] {
  return values.map(Number);
}
