import type { Unknown } from '../jsonHeader';
import { membersOf, parseHeaderJson } from '../jsonHeader';
import { mostHeaderBytes, mostTensors } from '../limits';
import { refuse } from '../badFile';
import { quoted } from '../shapes';
import type { TensorEntry } from '../catalog';
import { UniqueNames } from '../uniqueNames';
import type { TorchArchive } from './archive';
import { describeTensors } from './entries';
import type { OtherTensor, PickledTensor } from './pickledTensor';

/** `torch._export.serde.schema.ScalarType`, by its numbers (schema 8.16). */
const scalarTypes: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [1, 'uint8'],
  [2, 'int8'],
  [3, 'int16'],
  [4, 'int32'],
  [5, 'int64'],
  [6, 'float16'],
  [7, 'float32'],
  [8, 'float64'],
  [9, 'complex32'],
  [10, 'complex64'],
  [11, 'complex128'],
  [12, 'bool'],
  [13, 'bfloat16'],
  [28, 'uint16'],
  [29, 'float8_e4m3fn'],
  [30, 'float8_e5m2'],
  [31, 'float8_e4m3fnuz'],
  [32, 'float8_e5m2fnuz'],
  [33, 'float8_e8m0fnu'],
  [34, 'uint32'],
  [35, 'uint64'],
]);

/** Folders of an archive of torch.export, and what their configurations' names end in. */
const parts = [
  { folder: 'data/weights', config: /^data\/weights\/[^/]*weights_config\.json$/ },
  { folder: 'data/constants', config: /^data\/constants\/[^/]*constants_config\.json$/ },
];

export function isExported(archive: TorchArchive): boolean {
  return archive.has('archive_format') || archive.names.some(name => parts[0]?.config.test(name));
}

/**
 * The weights and constants of an archive of torch.export (.pt2): JSON gives each name a file of raw bytes, a dtype,
 * sizes and strides. Source: torch/export/pt2_archive/_package.py, torch/_export/serde/schema.py.
 */
export async function readExported(
  archive: TorchArchive,
  signal: AbortSignal,
): Promise<TensorEntry[]> {
  const littleEndian = await archive.littleEndian(signal);
  const names = new UniqueNames();
  const entries: TensorEntry[] = [];
  for (const { folder, config } of parts) {
    const tensors = new Map<string, PickledTensor>();
    for (const name of archive.names.filter(one => config.test(one))) {
      const bytes = await archive.read(name, signal, mostHeaderBytes);
      const payloads = membersOf(membersOf(parseHeaderJson(bytes, name))?.get('config'));
      if (payloads === undefined) refuse('header-invalid', `its ${name} has no "config".`);
      if (payloads.size > mostTensors) refuse('too-many-tensors', `its ${name} lists too many.`);
      for (const [weight, payload] of payloads)
        tensors.set(names.take(weight), describe(weight, payload));
    }
    // One by one: arguments of a call have a limit.
    const described = describeTensors(tensors, archive.storages(folder, littleEndian));
    for (const entry of described) entries.push(entry);
  }
  return entries;
}

function describe(name: string, payload: Unknown): PickledTensor {
  const fields = membersOf(payload);
  const meta = membersOf(fields?.get('tensor_meta'));
  const shape = integers(meta?.get('sizes'));
  const dtype =
    scalarTypes.get(meta?.get('dtype')) ?? `type ${String(meta?.get('dtype')).slice(0, 20)}`;
  const other = (reason: string): OtherTensor => ({
    kind: 'other',
    shape: shape ?? [],
    dtype,
    reason,
  });
  const [key, strides] = [fields?.get('path_name'), integers(meta?.get('strides'))];
  const offset = integer(meta?.get('storage_offset') ?? 0);
  if (fields?.get('use_pickle') === true) return other('it is an object of its own, pickled');
  if (meta?.get('layout') !== undefined && meta.get('layout') !== 7)
    return other('it is a sparse tensor');
  const fits =
    shape !== undefined && strides?.length === shape.length && strides.every(step => step >= 0);
  if (typeof key !== 'string' || !fits || offset === undefined || offset < 0) {
    refuse(
      'header-invalid',
      `the archive describes ${quoted(name)} without a place, sizes and strides.`,
    );
  }
  const storage = { key, elements: 0, dtype, viewOffset: 0 };
  return {
    kind: 'strided',
    storage,
    dtype,
    offset,
    shape,
    strides,
    conjugate: false,
    negative: false,
  };
}

/** `[{ "as_int": 8 }]`; a symbolic size is no integer. */
function integers(value: Unknown): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const numbers = (value as readonly Unknown[]).map(integer);
  return numbers.every(number => number !== undefined) ? numbers : undefined;
}

function integer(value: Unknown): number | undefined {
  const number = membersOf(value)?.get('as_int') ?? value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
