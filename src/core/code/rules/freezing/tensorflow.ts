import type { BatchNormCall } from '../../batchNormCalls/batchNormCall';
import type { CodeFile } from '../../codeFile';
import type { CodeFix } from '../codeFinding';
import type { CheckedCode, Found } from '../codeRule';
import { insertArgument } from '../evidence/edits';
import { graphTraining, isGraphLayer } from '../evidence/graphTraining';
import { callRange } from '../evidence/places';

/** `tf.layers.batch_normalization(x, training=True, trainable=False)`: only `training` decides what normalises there. */
export function frozenInTensorFlow({ file, calls }: CheckedCode): readonly Found[] {
  const frozen = calls.filter(call => isGraphLayer(call) && isFrozenInTraining(call));
  const training = frozen.length > 0 ? graphTraining(file) : undefined;
  if (!training) return [];
  const evidence = training.trainOps.slice(0, 1).map(op => ({
    range: callRange(file, op),
    message: 'This trains the graph that the layer is in.',
  }));
  return frozen.map(call => {
    const fix = inference(file, call);
    return {
      range: call.range,
      message:
        `trainable=False freezes gamma and beta alone here: with ${trainingText(call)} every batch is still normalised with its own mean` +
        ' and variance, and the moving statistics that were to be kept are not used (nor updated, from TensorFlow 1.6 on).' +
        ` To freeze the layer, pass ${trainingName(call)}=False.`,
      ...(fix && { fix }),
      evidence,
    };
  });
}

function isFrozenInTraining({ family, statement, arguments: given }: BatchNormCall): boolean {
  if (statement.trainable !== false) return false;
  const stated = given.find(({ role }) => role === 'training');
  if (!stated) return family.id === 'tf.contrib';
  return stated.unknown === undefined && statement.training === true;
}

function trainingName({ family, arguments: given }: BatchNormCall): string {
  const stated = given.find(({ role }) => role === 'training');
  return stated?.name ?? (family.id === 'tf.contrib' ? 'is_training' : 'training');
}

function trainingText(call: BatchNormCall): string {
  const stated = call.arguments.find(({ role }) => role === 'training');
  return `${trainingName(call)}=${stated ? stated.text : 'True (the default)'}`;
}

function inference(file: CodeFile, call: BatchNormCall): CodeFix | undefined {
  const name = trainingName(call);
  const label = `Pass ${name}=False`;
  const stated = call.arguments.find(({ role }) => role === 'training');
  if (stated) return { label, edits: [{ range: stated.range, text: 'False' }] };
  return { label, edits: [insertArgument(file, call.call, `${name}=False`)] };
}
