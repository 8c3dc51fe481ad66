import type { Call } from '../../calls';
import type { CodeFile } from '../../codeFile';
import type { BatchNormCall } from '../../batchNormCalls/batchNormCall';
import { lastPart, receiver } from './places';

/** How a file of TensorFlow 1 trains: what makes its train ops, and what runs its graph. */
export interface GraphTraining {
  readonly trainOps: readonly Call[];
  readonly runner: Call;
}

const sessions = new Set([
  ...['Session', 'InteractiveSession', 'MonitoredTrainingSession', 'MonitoredSession'],
  ...['SingularMonitoredSession', 'managed_session', 'EstimatorSpec', 'TPUEstimatorSpec'],
]);

/** @returns undefined where the file does not do both: nothing is said of what it trains then */
export function graphTraining(file: CodeFile): GraphTraining | undefined {
  const trainOps = file.calls.filter(
    ({ path }) =>
      /^(?:minimize|apply_gradients)$/.test(lastPart(path)) &&
      !/scipy|^optimize$/.test(receiver(path)),
  );
  const runner = file.calls.find(({ path }) => sessions.has(lastPart(path)));
  return trainOps.length > 0 && runner ? { trainOps, runner } : undefined;
}

/** The families that add their updates to UPDATE_OPS. */
export function isGraphLayer({ family }: BatchNormCall): boolean {
  return family.id.startsWith('tf.layers') || family.id === 'tf.contrib';
}

/** What a file may do that leaves the training of a layer to code that is not looked into. */
export function hasSpread({ call, application }: BatchNormCall): boolean {
  return [call, application].some(given => given?.arguments.some(({ spread }) => spread));
}
