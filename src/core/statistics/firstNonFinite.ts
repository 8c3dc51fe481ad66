import type { ChannelLayout } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';

/**
 * Flat index of the first NaN or infinity of each channel, in row-major order; −1 where every element
 * is finite.
 */
export function firstNonFinite(data: TensorData, { channels, inner }: ChannelLayout): Float64Array {
  const first = new Float64Array(channels).fill(-1);
  let found = 0;
  for (let i = 0; i < data.length && found < channels; i++) {
    if (Number.isFinite(data[i])) continue;
    const c = Math.floor(i / inner) % channels;
    if (first[c] !== -1) continue;
    first[c] = i;
    found++;
  }
  return first;
}
