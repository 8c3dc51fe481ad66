import type { Hdf5Dataset, Hdf5File, Hdf5Link, Hdf5Type } from '../../core/formats/hdf5/library';
import { BadFile } from '../../core/formats/badFile';
import { letOthersIn } from '../slices';
import { guarded } from './guarded';
import { withMemory } from './memory';
import type { Mounted } from './mount';
import type { NativeHdf5, NativeMetadata } from './native';
import { readText } from './text';

/** Runs a call into the library, or several: its failures become BadFile, and it ends in any case. */
export type LibraryCall = <T>(work: () => T) => T;

/** @throws BadFile where the file is none of HDF5 */
export function openFile(native: NativeHdf5, mounted: Mounted, call: LibraryCall): Hdf5File {
  const id = call(() => native.open(mounted.path, 0, false, -1, -1));
  return {
    links: (groups, most) => call(() => listAll(native, id, groups, most)),
    datasets: paths => call(() => paths.map(path => described(native, id, path))),
    attributeNames: path => call(() => native.get_attribute_names(id, path)),
    textAttribute: (path, name) => call(() => readText(native, id, path, name)),
    read: (path, start, count, use) => {
      call(() => readElements(native, id, path, { start, count }, use));
    },
    letOthersIn,
    close() {
      native.close_file(id);
      mounted.unmount();
    },
  };
}

function described(native: NativeHdf5, id: bigint, path: string): Hdf5Dataset | BadFile {
  try {
    return guarded(() => describe(native, id, path));
  } catch (error) {
    if (error instanceof BadFile) return error;
    throw error;
  }
}

function listAll(
  native: NativeHdf5,
  id: bigint,
  groups: readonly string[],
  most: number,
): Hdf5Link[][] | undefined {
  const listed: Hdf5Link[][] = [];
  let left = most;
  for (const group of groups) {
    const names = native.get_names(id, group, false);
    left -= names.length;
    if (left < 0) return undefined;
    const prefix = group === '/' ? '/' : `${group}/`;
    listed.push(names.map(name => describeLink(native, id, prefix, name)));
  }
  return listed;
}

function describeLink(native: NativeHdf5, id: bigint, prefix: string, name: string): Hdf5Link {
  const path = prefix + name;
  const { filename, obj_path: target } = native.get_external_link(id, path);
  if (filename !== undefined)
    return { name, kind: 'external', target: `${filename}:${target ?? ''}` };
  const soft = native.get_symbolic_link(id, path);
  if (soft !== null) return { name, kind: 'soft', target: soft };
  const type = native.get_type(id, path);
  if (type === native.H5G_GROUP) return { name, kind: 'group' };
  return { name, kind: type === native.H5G_DATASET ? 'dataset' : 'other' };
}

function describe(native: NativeHdf5, id: bigint, path: string): Hdf5Dataset {
  const metadata = native.get_dataset_metadata(id, path);
  // Only chunks are filtered; the question costs a tenth of listing a dataset.
  const filters = metadata.chunks ? native.get_dataset_filters(id, path) : [];
  return {
    shape: metadata.shape,
    type: describeType(metadata),
    chunk: metadata.chunks ?? null,
    filters: filters.map(filter => ({ id: filter.id, name: filter.name })),
    virtual: metadata.virtual_sources !== undefined,
  };
}

/** By H5T_class_t. */
const kinds: readonly Hdf5Type['kind'][] = [
  'integer',
  'float',
  'other',
  'text',
  'other',
  'opaque',
  'compound',
  'other',
  'enumeration',
  'other',
  'array',
];

function describeType(metadata: NativeMetadata): Hdf5Type {
  const { type, size, signed, compound_type: compound, enum_type: enumeration } = metadata;
  return {
    kind: kinds[type] ?? 'other',
    bytes: size,
    signed,
    ...(enumeration && { values: Object.keys(enumeration.members) }),
    ...(compound && {
      members: compound.members.map(member => ({
        ...describeType(member),
        name: member.name,
        offset: member.offset,
      })),
    }),
  };
}

function readElements(
  native: NativeHdf5,
  id: bigint,
  path: string,
  { start, count }: { readonly start: readonly number[]; readonly count: readonly number[] },
  use: (bytes: Uint8Array) => void,
): void {
  const { size } = native.get_dataset_metadata(id, path);
  const bytes = count.reduce((product, length) => product * length, size);
  if (bytes === 0) return;
  withMemory(native, bytes, pointer => {
    if (count.length === 0) {
      native.get_dataset_data(id, path, null, null, null, BigInt(pointer));
    } else {
      const strides = count.map(() => 1n);
      const counts = count.map(BigInt);
      native.get_dataset_data(id, path, counts, start.map(BigInt), strides, BigInt(pointer));
    }
    // Looked up afterwards: the memory may have grown, and then it is another buffer.
    use(native.HEAPU8.subarray(pointer, pointer + bytes));
  });
}
