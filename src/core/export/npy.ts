import type { DType, TensorData } from '../tensor/tensor';
import type { ExportFormat } from './exportFormat';

const descriptions: Readonly<Record<DType, string>> = {
  float32: '<f4',
  float64: '<f8',
  int32: '<i4',
  bool: '|b1',
};

/** Headers end at a multiple of this, so that the array behind them is aligned. */
const alignment = 64;

/** One array as `numpy.save` writes it: version 1.0, little-endian, C order. Source: numpy.lib.format (NEP 1). */
export const npyExport: ExportFormat = {
  id: 'npy',
  label: 'NumPy array (.npy)',
  detail: 'Exact bytes, for numpy.load',
  extension: 'npy',
  mostElements: 2 ** 30,
  write: ({ tensor: { shape, dtype, data } }) => {
    const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
    const text = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
    const before = 10;
    const length = Math.ceil((before + text.length + 1) / alignment) * alignment - before;
    const padded = `${text.padEnd(length - 1)}\n`;
    const values = littleEndian(data);
    const file = new Uint8Array(before + length + values.length);
    file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
    for (let i = 0; i < length; i++) file[before + i] = padded.charCodeAt(i);
    file.set(values, before + length);
    return file;
  },
};

/** Typed arrays are in the order of the machine; every machine that runs VS Code is little-endian. */
function littleEndian(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
