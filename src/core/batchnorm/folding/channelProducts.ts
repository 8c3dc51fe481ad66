import type { ChannelLayout } from '../../tensor/shape';
import type { TensorData } from '../../tensor/tensor';

/** Sums of products of two weights, an output channel: what tells by how much one is the other. */
export interface ChannelProducts {
  /** Σ a², Σ a·b and Σ b² of a channel. */
  readonly aa: Float64Array;
  readonly ab: Float64Array;
  readonly bb: Float64Array;
}

/** How one weight follows from another. */
export interface ChannelRatios {
  /** b/a of each output channel, as least squares have it; NaN where a is 0 everywhere. */
  readonly ratio: Float64Array;
  /**
   * What is left of b when that much of a is taken off, beside b, of the channel where it is most: 0 where b is a
   * times one number, about 1 where the two have nothing in common.
   */
  readonly residual: number;
}

/** Takes two weights of one shape in, part by part. */
export class ProductStream {
  readonly #products: ChannelProducts;

  /** @param layout the weight seen as `[outer, output channels, inner]` */
  constructor(private readonly layout: ChannelLayout) {
    const zeros = (): Float64Array => new Float64Array(layout.channels);
    this.#products = { aa: zeros(), ab: zeros(), bb: zeros() };
  }

  /** @param start index of the first element of both parts */
  add(a: TensorData, b: TensorData, start: number): void {
    const { aa, ab, bb } = this.#products;
    const { channels, inner } = this.layout;
    for (let i = 0; i < a.length; i++) {
      const o = Math.floor((start + i) / inner) % channels;
      const [x, y] = [Number(a[i]), Number(b[i])];
      aa[o] = (aa[o] as number) + x * x;
      ab[o] = (ab[o] as number) + x * y;
      bb[o] = (bb[o] as number) + y * y;
    }
  }

  products(): ChannelProducts {
    return this.#products;
  }
}

export function channelRatios({ aa, ab, bb }: ChannelProducts): ChannelRatios {
  const ratio = ab.map((product, o) => product / (aa[o] as number));
  let residual = 0;
  bb.forEach((own, o) => {
    if (own === 0) return;
    const explained = (ab[o] as number) * (ratio[o] as number);
    const left = Number.isFinite(explained) ? Math.max(0, 1 - explained / own) : 1;
    residual = Math.max(residual, Math.sqrt(left));
  });
  return { ratio, residual };
}
