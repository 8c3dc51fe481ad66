import type { Finding } from '../../core/batchnorm/diagnose/finding';
import type { Inspection } from '../../core/batchnorm/inspection';
import type { Trace } from '../../core/batchnorm/trace';
import type { DType, TensorData } from '../../core/tensor/tensor';

/** The result on screen, with all of its elements. */
export interface Results {
  readonly inspection: Inspection;
  readonly trace: Trace;
  readonly findings: readonly Finding[];
  /** What the input is called where it comes from. */
  readonly inputName: string;
  readonly dtype: DType;
  /** Row-major; like the output, empty for a format without elements. */
  readonly input: TensorData;
  readonly output: TensorData;
}

/** A way to write results as text. Pure. */
export interface CopyFormat {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Whether the text has every element in it, and so grows with the tensor. */
  readonly hasElements: boolean;
  readonly write: (results: Results) => string;
}
