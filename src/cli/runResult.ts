import type { Flags } from '../core/batchnorm/flags';
import type { BatchNormLayer } from '../core/batchnorm/layer';
import type { RecordedStep } from '../core/batchnorm/runRecord';
import type { Trace } from '../core/batchnorm/trace';
import type { TensorData } from '../core/tensor/tensor';
import type { RunGradients } from './runGradients';
import type { RunSubject } from './runSubject';

/** What a run came to. */
export interface RunResult {
  readonly subject: RunSubject;
  readonly layer: BatchNormLayer;
  readonly flags: Flags;
  readonly trace: Trace;
  /** With `--full`: the last step's output. */
  readonly output: TensorData | undefined;
  /** With `--full`: the moving statistics after each step. */
  readonly history: readonly RecordedStep[] | undefined;
  /** With `--gradients`: of the last step. */
  readonly gradients: RunGradients | undefined;
}
