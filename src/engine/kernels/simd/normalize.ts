import { ok, type Result } from '../../../core/problem';
import type { Block } from '../../memory/engineMemory';
import { inFloat32, type SingleAffine } from '../affine';
import type { PartKernel } from '../pass';
import type { Device } from './device';
import { SimdPass } from './simdPass';
import { channelsOf, partsOf, type Part, type Walk } from './walk';

/** Writes `(x − mean) · scale + beta` of every channel, in float32. */
export class SimdNormalize extends SimdPass {
  private readonly channels: Int32Array;

  private constructor(
    device: Device,
    walk: Walk,
    private readonly affine: SingleAffine,
    private readonly vectors: Block,
  ) {
    // From the end: what the pass over the moments has read last is still in the caches.
    super(device, walk, partsOf(walk).reverse());
    this.channels = channelsOf(walk);
    const into = device.memory.float32(vectors, walk.columns * 3);
    this.channels.forEach((c, column) => {
      if (c < 0) return;
      // assembly/normalize.ts: four columns together.
      const at = (column >> 2) * 12 + (column & 3);
      into[at] = affine.mean[c] as number;
      into[at + 4] = affine.scale[c] as number;
      into[at + 8] = affine.beta[c] as number;
    });
  }

  static open(device: Device, walk: Walk, affine: SingleAffine): Result<SimdNormalize> {
    const vectors = device.memory.allocate(walk.columns * 12);
    return vectors.ok ? ok(new SimdNormalize(device, walk, affine, vectors.value)) : vectors;
  }

  dispose(): void {
    this.device.memory.free(this.vectors);
  }

  protected kernel(): PartKernel {
    return this.walk.kind === 'rows' ? 'normalizeRows' : 'normalizeRuns';
  }

  protected argumentsOf(index: number, x: Float32Array, y: Float32Array): readonly number[] {
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const vectors = this.vectors.address;
    if (kind === 'rows') {
      const at = from * columns * 4;
      return [x.byteOffset + at, y.byteOffset + at, to - from, columns, vectors];
    }
    const { channels, inner } = layout;
    return [x.byteOffset, y.byteOffset, from, to, channels, inner, begin, count, vectors];
  }

  protected tail(x: Float32Array, y: Float32Array): void {
    for (let at = this.walk.whole; at < x.length; at++) {
      const c = this.channels[at - this.walk.whole] as number;
      y[at] = inFloat32(this.affine, c, x[at] as number);
    }
  }
}
