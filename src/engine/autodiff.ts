// Batch norm as an operation that tfjs differentiates: its kernels, its gradient in tfjs's registry, and
// the two questions that the engine asks of tfjs's tape. The stock gradient of tf.batchNorm fails without
// a scale or an offset, knows the last axis as the channels' alone and takes the statistics for
// constants; through tf.moments it works in float32, which at a mean of 10⁴ leaves four digits.
import {
  grad,
  grads,
  Identity,
  engine,
  registerGradient,
  registerKernel,
  tidy,
  type KernelConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  betaGradient,
  gammaGradient,
  slabInputGradient,
  slabOutput,
  type SlabAttributes,
} from './kernels/backward';
import { backendName, makeTensor, valuesOf } from './tensorflow';

/** Arrays of a slab: its inputs and, on the way back, what the loss does to its outputs. */
export interface SlabData {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  /** Of the slab's channels. */
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

/**
 * Differentiates a slab's part of Σ dy·y by gamma and beta. tfjs carries float32, so the exact sums are
 * added to the batch's, among the attributes, as in the engine's other kernels.
 */
export function differentiateParameters(data: SlabData, attributes: SlabAttributes): void {
  tidy(() => {
    const { x, dy, gamma, beta } = tensorsOf(data);
    grads((g: Tensor, b: Tensor) => batchNorm(x, g, b, attributes))([gamma, beta], dy);
  });
}

/**
 * Differentiates Σ dy·y of the whole batch by a slab's inputs.
 * @param attributes with the sums over the whole batch
 */
export function differentiateInput(data: SlabData, attributes: SlabAttributes): Float32Array {
  return tidy(() => {
    const { x, dy, gamma, beta } = tensorsOf(data);
    const dx = grad((input: Tensor) => batchNorm(input, gamma, beta, attributes))(x, dy);
    return { values: valuesOf(dx).slice() as Float32Array };
  }).values;
}

function batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, attributes: SlabAttributes): Tensor {
  return run('NormscopeBatchNorm', { x, gamma, beta }, attributes);
}

function run(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: SlabAttributes,
): Tensor {
  return engine().runKernel(kernelName, inputs, attributes as unknown as NamedAttrMap);
}

function tensorsOf(data: SlabData): Readonly<Record<keyof SlabData, Tensor>> {
  const vector = (values: Float32Array): Tensor => makeTensor(values, [values.length], 'float32');
  const { x, dy, gamma, beta } = data;
  return { x: vector(x), dy: vector(dy), gamma: vector(gamma), beta: vector(beta) };
}

/** What tfjs's cpu backend gives its kernels. */
interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  incRef(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

type Body = (values: (name: string) => Float32Array, attributes: SlabAttributes) => Float32Array;

/** Each gives a vector: of the slab's elements, or of its channels. */
const kernels: Readonly<Record<string, Body>> = {
  NormscopeBatchNorm: (of, attributes) => slabOutput(of('x'), of('gamma'), of('beta'), attributes),
  NormscopeBetaGradient: (of, attributes) => betaGradient(of('dy'), attributes),
  NormscopeGammaGradient: (of, attributes) => gammaGradient(of('dy'), of('x'), attributes),
  NormscopeInputGradient: (of, attributes) => slabInputGradient(of('dy'), of('x'), attributes),
};

/** Registers the operation with tfjs, once in a process. */
export function registerBatchNorm(): void {
  registerKernel(identity);
  for (const [kernelName, body] of Object.entries(kernels)) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const cpu = backend as CpuBackend;
        const values = (name: string): Float32Array =>
          cpu.data.get((inputs[name] as TensorInfo).dataId).values;
        const result = body(values, attrs as unknown as SlabAttributes);
        return cpu.makeTensorInfo([result.length], 'float32', result);
      },
    });
  }
  registerGradient({
    kernelName: 'NormscopeBatchNorm',
    inputsToSave: ['x'],
    gradFunc: (given, [x], attrs) => {
      const dy = given as Tensor;
      const attributes = attrs as unknown as SlabAttributes;
      // tfjs calls those that are asked for, and no other.
      return {
        x: () => run('NormscopeInputGradient', { dy, x: x as Tensor }, attributes),
        gamma: () => run('NormscopeGammaGradient', { dy, x: x as Tensor }, attributes),
        beta: () => run('NormscopeBetaGradient', { dy }, attributes),
      };
    },
  });
}

/** tfjs keeps what a gradient needs by a second name for it. The backend comes without its own kernels. */
const identity: KernelConfig = {
  kernelName: Identity,
  backendName,
  kernelFunc: ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs.x as TensorInfo;
    (backend as CpuBackend).incRef(dataId);
    return { dataId, shape, dtype };
  },
};
