import type { BatchNormCall } from '../../batchNormCalls/batchNormCall';
import type { CodeFile } from '../../codeFile';
import type { CodeFix } from '../codeFinding';
import type { CheckedCode, Found } from '../codeRule';
import { insertArgument } from '../evidence/edits';
import { callRange, lastPart } from '../evidence/places';

const fits = /^(?:fit|fit_generator|train_on_batch)$/;

/** Conventions in which a layer that is not trainable still normalises with its batch while a model is fitted. */
const batchesWhileFrozen = new Set(['keras-standalone', 'tf1', 'tf1-unfused']);

/** `trainable = False` of a Keras layer: since TensorFlow 2 it means inference, before it did not. */
export function frozenInKeras({ file, calls }: CheckedCode): readonly Found[] {
  const frozen = calls.filter(
    ({ family, statement }) => family.id === 'keras' && statement.trainable === false,
  );
  if (frozen.length === 0) return [];
  const fit = file.calls.find(({ path }) => path.includes('.') && fits.test(lastPart(path)));
  return frozen.flatMap(call => {
    const { convention } = call;
    if (batchesWhileFrozen.has(convention.id)) {
      if (!fit || call.statement.training === false) return [];
      const fix = inference(file, call);
      return [
        {
          range: call.range,
          ...(fix && { fix }),
          message:
            `trainable=False freezes gamma and beta alone in ${convention.name.replace(/,.*$/, '')}: while the model is fitted, every batch is still` +
            ' normalised with its own mean and variance, so that what is trained behind the layer sees other values than at inference.' +
            ' Only since TensorFlow 2 does it mean inference. To freeze the layer, call it with training=False.',
          evidence: [{ range: callRange(file, fit), message: 'This fits the model.' }],
        },
      ];
    }
    return isToldToTrain(call) ? [toldToTrain(call)] : [];
  });
}

/** Says `training=False` where the layer is called, if that is seen and says nothing. */
function inference(
  file: CodeFile,
  { application, arguments: given }: BatchNormCall,
): CodeFix | undefined {
  if (!application || given.some(({ role }) => role === 'training')) return undefined;
  const text = 'training=False';
  return { label: `Pass ${text}`, edits: [insertArgument(file, application, text)] };
}

/** Whether the layer is called with `training=True`, as it stands. */
function isToldToTrain({ arguments: given, statement }: BatchNormCall): boolean {
  const stated = given.find(({ role }) => role === 'training');
  return stated !== undefined && stated.unknown === undefined && statement.training === true;
}

function toldToTrain({ arguments: given, convention, range }: BatchNormCall): Found {
  const stated = given.find(({ role }) => role === 'training');
  const name = convention.name.replace(/,.*$/, '');
  return {
    range: stated?.range ?? range,
    message:
      `training=True has no effect: in ${name} a layer with trainable=False runs in inference mode, so the moving statistics normalise and nothing` +
      ' is updated. In TensorFlow 1 the same flags normalised with the batch. Leave trainable on to use batch statistics, or say training=False.',
    ...(stated && {
      fix: { label: 'Say training=False', edits: [{ range: stated.range, text: 'False' }] },
    }),
    evidence: [{ range, message: 'The layer is made here, and is not trainable.' }],
  };
}
