import { refuse } from '../../core/formats/badFile';

const signature = [0x47, 0x43, 0x4f, 0x4c];
const headBytes = 16;

/**
 * Refuses a collection of the global heap whose objects do not lead to its end. libhdf5 2.0 walks them by
 * their sizes, and walks for ever over one that takes no room: a free space (index 0) of size 0, or an object
 * whose size overflows. Source: HDF5 File Format Specification 3.0, III.E; H5HGcache.c, H5HG__cache_heap_deserialize.
 * @param bytes what the library has read, of whatever kind
 */
export function checkGlobalHeap(bytes: Uint8Array): void {
  if (!signature.every((byte, i) => bytes[i] === byte)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headBytes) return;
  const end = Math.min(bytes.length, view.getUint32(8, true));
  for (let at = headBytes; at + headBytes <= end;) {
    const index = view.getUint16(at, true);
    // The library keeps sizes in 32 bits.
    const size = view.getUint32(at + 8, true);
    const taken = index === 0 ? size : (headBytes + Math.ceil(size / 8) * 8) >>> 0;
    if (taken === 0) {
      refuse('hdf5-unreadable', 'an object of its global heap takes no room: it is damaged.');
    }
    at += taken;
  }
}
