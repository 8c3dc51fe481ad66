// This file and autodiff.ts alone import tfjs. It is itself imported on the first request that needs a tensor, so
// that the rest of the engine (parsing, checking) runs without the 15 ms and 3 MB that tfjs costs.
import {
  copyRegisteredKernels,
  enableProdMode,
  engine,
  memory,
  registerBackend,
  registerKernel,
  setBackend,
  tensor,
  type KernelConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { ok, type Result } from '../core/problem';
import type { ChannelSummaries, Moments } from '../core/statistics/channels';
import { sizeOf, type ChannelLayout, type Shape } from '../core/tensor/shape';
import type { DType, TensorData } from '../core/tensor/tensor';
import type { ElementMask } from '../core/statistics/reference';
import { allocateFloat32 } from './allocate';
import type { Box } from './kernels/box';
import { addGroupSquares, addGroupSums, normalizeGroup } from './kernels/groups';
import { addMaskedSquares, addMaskedSums, type Span } from './kernels/masked';
import type { Affine } from './kernels/affine';
import { searchSpan, type NonFiniteSearch } from './kernels/nonFinite';
import type { Pass } from './kernels/pass';
import { simdFrom } from './kernels/simd/walk';
import type { SmallForward } from './kernels/smallForward';
import { addCounts, addSpread } from './kernels/summaries';
import { threadMemory, type Block } from './memory/engineMemory';
import { ResidentBackend } from './residentBackend';

export type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The kernels, by the names they have in tfjs, with their attributes. Each does one part of a pass over
 * its input and adds to float64 vectors among its attributes: tfjs has no float64 tensors, and a mean
 * handed on in float32 loses what the pass has gained (at a mean of 10⁴, 1.6e-2 of the output).
 */
interface Kernels {
  NormscopeMoments: InPass;
  NormscopeExtremes: InPass;
  NormscopeHistogram: InPass;
  NormscopeBins: InPass;
  NormscopeNormalize: InPass;
  /** Named shortly: see `backendName`. */
  BnSmall: SmallForward;
  NormscopeCounts: InBox & { readonly known: Uint8Array; readonly into: ChannelSummaries };
  NormscopeSpread: InBox & { readonly known: Uint8Array; readonly into: ChannelSummaries };
  NormscopeMaskedSums: InSpan & { readonly mask: ElementMask; readonly into: Moments };
  NormscopeMaskedSquares: InSpan & { readonly mask: ElementMask; readonly into: Moments };
  NormscopeGroupSums: InBox & { readonly into: Moments };
  NormscopeGroupSquares: InBox & { readonly into: Moments };
  NormscopeNormalizeGroup: InBox & { readonly affine: Affine };
  NormscopeNonFinite: InSpan & { readonly search: NonFiniteSearch };
}

/** One part of a pass, which is the compiled kernels' or one of plain loops: kernels/choosePass.ts. */
interface InPass {
  readonly pass: Pass;
  readonly index: number;
}

interface InBox {
  readonly layout: ChannelLayout;
  readonly box: Box;
}

interface InSpan {
  readonly layout: ChannelLayout;
  readonly span: Span;
}

type KernelName = keyof Kernels;

type KernelBody<K extends KernelName> = (
  x: Float32Array,
  attributes: Kernels[K],
  y: Float32Array,
) => void;

const kernels: { readonly [K in KernelName]: KernelBody<K> } = {
  NormscopeMoments: runPart,
  NormscopeExtremes: runPart,
  NormscopeHistogram: runPart,
  NormscopeBins: runPart,
  NormscopeNormalize: runPart,
  BnSmall: (x, forward, y) => forward.run(x, y),
  NormscopeCounts: (x, { layout, box, known, into }) => addCounts(x, layout, box, known, into),
  NormscopeSpread: (x, { layout, box, known, into }) => addSpread(x, layout, box, known, into),
  NormscopeMaskedSums: (x, { layout, span, mask, into }) =>
    addMaskedSums(x, layout, span, mask, into),
  NormscopeMaskedSquares: (x, { layout, span, mask, into }) =>
    addMaskedSquares(x, layout, span, mask, into),
  NormscopeGroupSums: (x, { layout, box, into }) => addGroupSums(x, layout, box, into),
  NormscopeGroupSquares: (x, { layout, box, into }) => addGroupSquares(x, layout, box, into),
  NormscopeNormalizeGroup: (x, { layout, box, affine }, y) =>
    normalizeGroup(x, y, layout, box, affine),
  NormscopeNonFinite: (x, { layout, span, search }) => searchSpan(x, layout, span, search),
};

function runPart(x: Float32Array, { pass, index }: InPass, y: Float32Array): void {
  pass.part(index, x, y);
}

/** Kernels that make passes. */
export type PassKernel = {
  readonly [K in KernelName]: Kernels[K] extends InPass ? K : never;
}[KernelName];

/**
 * tfjs's cpu backend, with its tensors in the engine's memory. At every run tfjs looks the kernel up twice, by both
 * names put together; strings of up to twelve characters are made at once, which is a twentieth of a small step.
 */
export const backendName = 'norm';
const resident = new ResidentBackend(threadMemory());

function configOf(kernelName: KernelName): KernelConfig {
  const body = kernels[kernelName] as KernelBody<KernelName>;
  return {
    kernelName,
    backendName,
    kernelFunc: ({ inputs: { x, y }, attrs, backend }) => {
      const { data } = backend as CpuBackend;
      const values = (info: TensorInfo): Float32Array => data.get(info.dataId).values;
      if (x === undefined) throw new Error(`${kernelName} has an input called x`);
      const attributes = attrs as unknown as Kernels[KernelName];
      body(values(x), attributes, y === undefined ? new Float32Array() : values(y));
      return [];
    },
  };
}

/** Where tfjs's cpu backend keeps its arrays: what its own kernels read, too. */
interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
}

/** Runs one pass of a kernel through tfjs. `y` is written where the kernel has an output. */
export function runKernel<K extends KernelName>(
  kernelName: K,
  x: Tensor,
  attributes: Kernels[K],
  y?: Tensor,
): void {
  const inputs = y === undefined ? { x } : { x, y };
  engine().runKernel(kernelName, inputs, attributes as unknown as NamedAttrMap);
}

/** A tensor over the array itself: tfjs shares the buffer, nothing is copied. */
export function makeTensor(
  data: TensorData,
  shape: Shape,
  dtype: Exclude<DType, 'float64'>,
): Tensor {
  if (data instanceof Float64Array) throw new Error('tfjs has no float64 tensors');
  return tensor(data, [...shape], dtype);
}

/**
 * A tensor that takes an array over. Where it fills a block of the engine's memory the tensor owns that;
 * where it is elsewhere, and large enough for the compiled kernels, it is copied there.
 */
export function keepTensor(
  data: TensorData,
  shape: Shape,
  dtype: Exclude<DType, 'float64'>,
): Result<Tensor> {
  const home = threadMemory();
  if (home === undefined || dtype !== 'float32') return ok(makeTensor(data, shape, dtype));
  const own = home.blockOf(data);
  if (own !== undefined) return ok(ownTensor(data, shape, own));
  if (data.length < simdFrom) return ok(makeTensor(data, shape, dtype));
  const made = emptyTensor(shape);
  if (made.ok) valuesOf(made.value).set(data);
  return made;
}

/** A float32 tensor with whatever the memory held, to be written. */
export function emptyTensor(shape: Shape): Result<Tensor> {
  const size = sizeOf(shape);
  const home = size < simdFrom ? undefined : threadMemory();
  if (home === undefined) {
    const array = allocateFloat32(size);
    return array.ok ? ok(makeTensor(array.value, shape, 'float32')) : array;
  }
  const block = home.allocate(size * 4);
  if (!block.ok) return block;
  return ok(ownTensor(home.float32(block.value, size), shape, block.value));
}

function ownTensor(data: TensorData, shape: Shape, block: Block): Tensor {
  const made = makeTensor(data, shape, 'float32');
  resident.own(made.dataId, block);
  return made;
}

/** The tensor's own array, not a copy. */
export function valuesOf(of: Tensor): TensorData {
  return of.dataSync();
}

export function tensorMemory(): { readonly numTensors: number; readonly numBytes: number } {
  const { numTensors, numBytes } = memory();
  return { numTensors, numBytes };
}

let started: Promise<boolean> | undefined;

/**
 * Starts tfjs, once: its cpu backend with tensors in the engine's memory, without its advice to install
 * another one, and our kernels.
 */
export async function startTensorflow(): Promise<void> {
  started ??= start();
  await started;
}

function start(): Promise<boolean> {
  enableProdMode();
  registerBackend(backendName, () => resident);
  copyRegisteredKernels('cpu', backendName);
  for (const name of Object.keys(kernels) as KernelName[]) registerKernel(configOf(name));
  return setBackend(backendName);
}
