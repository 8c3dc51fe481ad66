import { fail, ok, type Result } from '../problem';
import { formatShape, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Where a backward pass starts: what a loss would do to every output of the layer. */
export type Upstream =
  /** The loss is the sum of the outputs. */
  | { readonly kind: 'ones' }
  /** Standard normal numbers, the same ones for the same seed (a whole number from 0 to 2³² − 1). */
  | { readonly kind: 'random'; readonly seed: number }
  /** In the shape of the output. */
  | { readonly kind: 'given'; readonly tensor: Tensor };

/** @returns a problem where it does not fit an output of this shape */
export function checkUpstream(upstream: Upstream, shape: Shape): Result<null> {
  if (upstream.kind === 'random') {
    const { seed } = upstream;
    const fits = Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;
    return fits
      ? ok(null)
      : fail('seed-invalid', `${seed} is not a seed: give a whole number from 0 to 4294967295.`);
  }
  if (upstream.kind === 'ones') return ok(null);
  const { tensor } = upstream;
  const same =
    tensor.shape.length === shape.length && tensor.shape.every((size, i) => size === shape[i]);
  return same
    ? ok(null)
    : fail(
        'upstream-shape',
        `The output's gradient has shape ${formatShape(tensor.shape)}: it needs the output's, ${formatShape(shape)}.`,
      );
}

/** Writes the float32 gradients of the outputs from flat index `start` on, as many as fit. */
export function fillUpstream(upstream: Upstream, start: number, into: Float32Array): void {
  switch (upstream.kind) {
    case 'ones':
      into.fill(1);
      return;
    case 'given':
      into.set(upstream.tensor.data.subarray(start, start + into.length));
      return;
    case 'random':
      for (let i = 0; i < into.length; i++) into[i] = normalAt(upstream.seed, start + i);
  }
}

/** A standard normal number that depends on its seed and index alone, so that parts can be made in any order. */
function normalAt(seed: number, index: number): number {
  const high = mix(seed ^ mix(2 * index + 1));
  const low = mix(seed ^ mix(2 * index + 2));
  // Box and Muller's: in (0, 1], so that the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log((high + 1) / 2 ** 32));
  return radius * Math.cos((2 * Math.PI * low) / 2 ** 32);
}

/** Murmur3's finaliser: every bit of 32 depends on every other. */
function mix(bits: number): number {
  let h = bits >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
