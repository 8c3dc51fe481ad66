import type { BatchNormCall } from '../../core/code/batchNormCalls/batchNormCall';
import { unknownArguments } from '../../core/code/batchNormCalls/batchNormCall';
import { callShape, resolveCall } from '../../core/code/batchNormCalls/sentence';
import { ok, type Result } from '../../core/problem';
import { formatShape } from '../../core/tensor/shape';
import type { FileLayer, OwnInput } from '../files/fileEngine';

/** The layer that a call makes, for an inspection, with what the call is given. */
export function callLayer(call: BatchNormCall): Result<FileLayer> {
  const resolved = resolveCall(call);
  if (!resolved.ok) return resolved;
  const { layer } = resolved.value;
  return ok({
    statement: call.statement,
    channels: layer.gamma.length,
    notes: notesOf(call),
    beside: [],
    own: ownInput(call),
  });
}

function ownInput(call: BatchNormCall): OwnInput {
  const { input } = call;
  if (input.kind === 'tensor') {
    const { shape, values } = input.tensor;
    const tensor = { shape, dtype: 'float32', data: Float32Array.from(values) } as const;
    return { kind: 'tensor', tensor, name: input.text };
  }
  const shape = callShape(call);
  const drawn = `normal numbers with the moving statistics are drawn in shape ${formatShape(shape)}`;
  if (input.kind === 'shape') {
    const note = `The values of the input ${input.text} are not in the code (${input.reason}): ${drawn}.`;
    return { kind: 'shape', shape, note };
  }
  const which = input.text === '' ? 'its input' : `the input ${input.text}`;
  const note = `What ${which} is cannot be told from the code (${input.reason}): ${drawn}.`;
  return { kind: 'shape', shape, note };
}

/** What was assumed, and what stands in for arguments that only a run would tell. */
function notesOf(call: BatchNormCall): readonly string[] {
  const unknown = unknownArguments(call).map(
    ({ name, text, unknown: reason }) =>
      `${name} (${text}) cannot be told from the code (${reason}): the default is taken.`,
  );
  const open = call.decidesTraining
    ? []
    : ['Whether training is on, the call does not decide: the switch does.'];
  return [...call.assumed, ...open, ...unknown];
}
