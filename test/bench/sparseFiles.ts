import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Files of gigabytes that take next to no room: what they hold are holes, but for what says where things are. */
export interface SparseFile {
  readonly name: string;
  /** @returns false where this machine cannot make it */
  readonly make: (path: string) => boolean;
}

const tensors = 2000;
/** Float32, of which 2,000 are 5 GB. */
const elements = 625_000;
const tensorBytes = elements * 4;

function nameOf(index: number): string {
  const layer = Math.floor(index / 4);
  return `blocks.${layer}.bn.${['weight', 'bias', 'running_mean', 'running_var'][index % 4] ?? ''}`;
}

/** Pieces at offsets of a file of this size; the rest are holes. */
function writePieces(
  path: string,
  size: number,
  pieces: Iterable<readonly [offset: number, bytes: Uint8Array]>,
): true {
  const descriptor = openSync(path, 'w');
  for (const [offset, bytes] of pieces) writeSync(descriptor, bytes, 0, bytes.length, offset);
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
  return true;
}

/** A safetensors file of vectors. */
function writeSafetensors(
  path: string,
  count: number,
  bytesEach: number,
  [dtype, width]: readonly [string, number] = ['F32', 4],
): true {
  const header: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const data_offsets = [i * bytesEach, (i + 1) * bytesEach];
    header[nameOf(i)] = { dtype, shape: [bytesEach / width], data_offsets };
  }
  const text = Buffer.from(JSON.stringify(header).padEnd(8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return writePieces(path, 8 + text.length + count * bytesEach, [
    [0, length],
    [8, text],
  ]);
}

function npyHead(shape: string): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  return Buffer.from(`\x93NUMPY\x01\0\x76\0${header}\n`, 'latin1');
}

function writeNpy(path: string): true {
  const head = npyHead(`${tensors}, ${elements}`);
  return writePieces(path, head.length + tensors * tensorBytes, [[0, head]]);
}

interface Member {
  readonly name: string;
  readonly start: Buffer;
  readonly size: number;
}

/** An archive of stored members, of which only the start is written, with the zip64 extension. */
function writeZip(path: string, members: readonly Member[]): true {
  const pieces: (readonly [number, Buffer])[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, start, size } of members) {
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30, 'latin1');
    pieces.push([at, Buffer.concat([local, start])]);
    directory.push(directoryEntry(name, size, at));
    at += local.length + size;
  }
  const list = Buffer.concat(directory);
  const end = zip64End(members.length, list.length, at);
  pieces.push([at, list], [at + list.length, end]);
  return writePieces(path, at + list.length + end.length, pieces);
}

function directoryEntry(name: string, size: number, offset: number): Buffer {
  const entry = Buffer.alloc(46 + name.length + 12);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(size, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(12, 30);
  entry.writeUInt32LE(0xffffffff, 42);
  entry.write(name, 46, 'latin1');
  entry.writeUInt16LE(1, 46 + name.length);
  entry.writeUInt16LE(8, 48 + name.length);
  entry.writeBigUInt64LE(BigInt(offset), 50 + name.length);
  return entry;
}

function zip64End(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(offset + size), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.fill(0xff, 84, 96);
  return end;
}

function writeNpz(path: string): true {
  const start = npyHead(`${elements},`);
  const member = (index: number): Member => ({
    name: `${nameOf(index)}.npy`,
    start,
    size: start.length + tensorBytes,
  });
  return writeZip(
    path,
    Array.from({ length: tensors }, (_, i) => member(i)),
  );
}

/** As `torch.save` writes a state dict, without a memo. */
function statePickle(): Buffer {
  const text = (value: string): string => `X${int32(value.length)}${value}`;
  const tensor = (index: number): string =>
    [
      text(nameOf(index)),
      'ctorch._utils\n_rebuild_tensor_v2\n',
      `((${text('storage')}ctorch\nFloatStorage\n${text(String(index))}${text('cpu')}J${int32(elements)}tQ`,
      `K\0J${int32(elements)}\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR`,
    ].join('');
  const all = Array.from({ length: tensors }, (_, i) => tensor(i)).join('');
  return Buffer.from(`\x80\x02}(${all}u.`, 'latin1');
}

function int32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString('latin1');
}

function writeTorch(path: string): true {
  const data = statePickle();
  const nothing = Buffer.alloc(0);
  return writeZip(path, [
    { name: 'a/data.pkl', start: data, size: data.length },
    ...Array.from({ length: tensors }, (_, i) => ({
      name: `a/data/${i}`,
      start: nothing,
      size: tensorBytes,
    })),
  ]);
}

const hdf5Script = `
import sys, h5py
with h5py.File(sys.argv[1], "w") as file:
    for layer in range(100):
        group = file.create_group(f"bn_{layer}/bn_{layer}")
        for name in ("gamma", "beta", "moving_mean", "moving_variance"):
            properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
            properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            space = h5py.h5s.create_simple((2_250_000,))
            h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, space, properties)
`;

/** Debian's, which python3-h5py is for. */
function writeHdf5(path: string): boolean {
  const { status } = spawnSync('/usr/bin/python3', ['-c', hdf5Script, path]);
  if (status !== 0) console.log('not measured: HDF5, which needs h5py (Debian: python3-h5py)');
  return status === 0;
}

export const listed: readonly SparseFile[] = [
  { name: 'five.safetensors', make: path => writeSafetensors(path, tensors, tensorBytes) },
  { name: 'five.npy', make: writeNpy },
  { name: 'five.npz', make: writeNpz },
  { name: 'five.pt', make: writeTorch },
  { name: 'three.h5', make: writeHdf5 },
];

/** One tensor of 100 MB between two others. */
export const hundred: SparseFile = {
  name: 'hundred.safetensors',
  make: path => writeSafetensors(path, 3, 100_000_000),
};

/** The same in a dtype that has to be decoded. */
export const hundredHalf: SparseFile = {
  name: 'hundred-bf16.safetensors',
  make: path => writeSafetensors(path, 3, 100_000_000, ['BF16', 2]),
};

/** One tensor of 2 GB. */
export const two: SparseFile = {
  name: 'two.safetensors',
  make: path => writeSafetensors(path, 1, 2_000_000_000),
};

/** @returns its path, or undefined where it cannot be made */
export function sparseFile(folder: string, { name, make }: SparseFile): string | undefined {
  const path = join(folder, name);
  return existsSync(path) || make(path) ? path : undefined;
}
