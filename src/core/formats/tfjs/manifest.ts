import { isStoredDType, storedDTypes, type StoredDType } from '../../tensor/storedDType';
import { refuse } from '../badFile';
import { membersOf, numbersOf } from '../jsonHeader';
import { mostTensors } from '../limits';
import { checkShape, quoted } from '../shapes';

/** Weights that lie one after another in the shards of a group, which are one run of bytes. */
export interface WeightGroup {
  /** Relative to the model. */
  readonly paths: readonly string[];
  readonly weights: readonly ManifestWeight[];
}

export interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the model computes with, in tfjs's words: float32, int32, bool, complex64, string. */
  readonly dtype: string;
  /** What is stored; undefined for text, whose bytes only the data tell. */
  readonly stored: StoredDType | undefined;
  readonly elements: number;
  /** Values are `stored × scale + min`. */
  readonly affine?: { readonly scale: number; readonly min: number };
}

/**
 * Parses a `weightsManifest`. Source: tfjs-core 4.22.0, io/types.ts (WeightsManifestConfig).
 * @throws BadFile
 */
export function parseManifest(manifest: unknown): WeightGroup[] {
  if (!Array.isArray(manifest)) refuse('manifest-invalid', 'its "weightsManifest" is not a list.');
  let count = 0;
  return manifest.map((group: unknown) => {
    const members = membersOf(group);
    const paths = members?.get('paths');
    const weights = members?.get('weights');
    if (!isTexts(paths) || !Array.isArray(weights)) {
      refuse(
        'manifest-invalid',
        'a group of its "weightsManifest" has no "paths" or no "weights".',
      );
    }
    count += weights.length;
    if (count > mostTensors)
      refuse('too-many-tensors', `it lists more than ${mostTensors} tensors.`);
    return { paths, weights: weights.map(parseWeight) };
  });
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function parseWeight(value: unknown): ManifestWeight {
  const members = membersOf(value);
  const name = members?.get('name');
  const dtype = members?.get('dtype');
  const shape = numbersOf(members?.get('shape'));
  if (typeof name !== 'string' || typeof dtype !== 'string' || shape === undefined) {
    refuse('manifest-invalid', 'a weight of its "weightsManifest" lacks a name, shape or dtype.');
  }
  const elements = checkShape(shape, name);
  const weight = { name, shape, dtype, elements };
  const quantization = members?.get('quantization');
  if (quantization !== undefined) return { ...weight, ...parseQuantization(quantization, name) };
  if (dtype === 'string') return { ...weight, stored: undefined };
  return { ...weight, stored: storedAs(dtype, plainDTypes, name) };
}

const plainDTypes = ['float32', 'int32', 'bool', 'complex64'];
const quantizedDTypes = ['uint8', 'uint16', 'float16'];

function storedAs(dtype: unknown, known: readonly string[], name: string): StoredDType {
  if (typeof dtype === 'string' && known.includes(dtype) && isStoredDType(dtype)) return dtype;
  return refuse(
    'manifest-invalid',
    `the weight ${quoted(name)} is stored as ${quoted(String(dtype))}: ${known.join(', ')} can be.`,
  );
}

function parseQuantization(
  value: unknown,
  name: string,
): Pick<ManifestWeight, 'stored' | 'affine'> {
  const members = membersOf(value);
  const stored = storedAs(members?.get('dtype'), quantizedDTypes, name);
  if (stored === 'float16') return { stored };
  const scale = members?.get('scale');
  const min = members?.get('min');
  if (typeof scale !== 'number' || typeof min !== 'number') {
    refuse('manifest-invalid', `the weight ${quoted(name)} is quantised without scale and min.`);
  }
  return { stored, affine: { scale, min } };
}

/** Bytes of a weight that is not text. */
export function weightBytes({ elements }: ManifestWeight, stored: StoredDType): number {
  return elements * storedDTypes[stored].bytes;
}
