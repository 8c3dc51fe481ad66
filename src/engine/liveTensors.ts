import { ok, type Result } from '../core/problem';
import type { ChannelExtremes } from '../core/statistics/channels';
import type { Shape } from '../core/tensor/shape';
import type { DType, TensorHandle } from '../core/tensor/tensor';
import type { InputHistogram } from './kernels/histogram';
import type { InputStatistics } from './kernels/moments';
import type { OddMoments } from './oddMoments';
import { emptyTensor, valuesOf, type Tensor } from './tensorflow';

/** dtypes that tfjs can hold. */
export type HeldDType = Exclude<DType, 'float64'>;

export interface InputHandle extends TensorHandle {
  readonly dtype: HeldDType;
}

/** What was measured of an input over one channel axis. */
export interface InputKnowledge {
  /** The moments; the extremes with the details. */
  readonly statistics: InputStatistics;
  /** What is shown beside them; measured once an output is written. */
  details: InputDetails | undefined;
  /** Of the finite elements; present once somebody has asked. */
  extremes?: ChannelExtremes;
}

export interface InputDetails {
  /** Undefined where channels are so short that it would not pay. */
  readonly histogram: InputHistogram | undefined;
  /** Flat index of each channel's first NaN or infinity, or −1. */
  readonly firstNonFinite: Float64Array;
}

/**
 * An input that lives in the engine, with all that was found out about it: a change of flags uses its
 * statistics again and writes where its last output was.
 */
export class LiveInput {
  /** Per channel axis. */
  readonly known = new Map<number, InputKnowledge>();
  /** Moments of virtual batches or under the mask, by axis and rule. */
  readonly odd = new Map<string, OddMoments>();
  output: LiveOutput | undefined;
  /** The work that is under way. Newer work of its kind aborts it, and waits until it has let go. */
  readonly running: Record<Work, Running | undefined> = { step: undefined, gradients: undefined };
  /** The input as float32, where it is not float32 itself. */
  private converted: Tensor | undefined;

  constructor(
    readonly handle: InputHandle,
    readonly tensor: Tensor,
    /** One entry (0 or 1) a position, where the input came with a mask. */
    readonly mask?: Uint8Array,
  ) {}

  /** int and bool inputs are converted once: stock tfjs would compute with truncated integers. */
  asFloat32(): Result<Tensor> {
    if (this.handle.dtype === 'float32') return ok(this.tensor);
    if (this.converted === undefined) {
      const made = emptyTensor(this.handle.shape);
      if (!made.ok) return made;
      valuesOf(made.value).set(valuesOf(this.tensor));
      this.converted = made.value;
    }
    return ok(this.converted);
  }

  /** A tensor to write an output into: that of the output before it, which goes, where there is one. */
  takeOutput(): Result<Tensor> {
    const last = this.output?.tensor;
    this.output = undefined;
    return last === undefined ? emptyTensor(this.handle.shape) : ok(last);
  }

  dropOutput(): void {
    this.output?.tensor.dispose();
    this.output = undefined;
  }

  dispose(): void {
    this.dropOutput();
    this.tensor.dispose();
    this.converted?.dispose();
  }
}

export interface LiveOutput {
  readonly handle: TensorHandle;
  readonly tensor: Tensor;
}

/** What is done on an input, of each kind one at a time. */
export type Work = 'step' | 'gradients';

export interface Running {
  readonly controller: AbortController;
  /** Settles when the work has ended, however it did; it never rejects. */
  readonly ended: Promise<unknown>;
}

/** Every tensor that somebody has a handle of. An id is never used twice. */
export class LiveTensors {
  private readonly inputs = new Map<number, LiveInput>();
  private lastId = 0;

  add(tensor: Tensor, shape: Shape, dtype: HeldDType, mask?: Uint8Array): LiveInput {
    const input = new LiveInput({ id: ++this.lastId, shape, dtype }, tensor, mask);
    this.inputs.set(input.handle.id, input);
    return input;
  }

  input(id: number): LiveInput | undefined {
    return this.inputs.get(id);
  }

  /** Hands a written tensor out as the output of its input. */
  setOutput(input: LiveInput, tensor: Tensor): TensorHandle {
    const { shape } = input.handle;
    input.output = { handle: { id: ++this.lastId, shape, dtype: 'float32' }, tensor };
    return input.output.handle;
  }

  /** The input whose output has this id. */
  inputOfOutput(id: number): LiveInput | undefined {
    for (const input of this.inputs.values()) if (input.output?.handle.id === id) return input;
    return undefined;
  }

  /** An input's tensor or an output's. */
  tensor(id: number): Tensor | undefined {
    return this.input(id)?.tensor ?? this.inputOfOutput(id)?.output?.tensor;
  }

  /** Of an input or an output: another one for each output, though it may be where the last one was. */
  handle(id: number): TensorHandle | undefined {
    return this.input(id)?.handle ?? this.inputOfOutput(id)?.output?.handle;
  }

  /** Takes an input out; whoever calls disposes it. */
  forget(id: number): LiveInput | undefined {
    const input = this.inputs.get(id);
    this.inputs.delete(id);
    return input;
  }
}
