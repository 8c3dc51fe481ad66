import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { CodeFile } from '../codeFile';
import { parametersOf } from '../scopes';
import type { CodeFix } from './codeFinding';
import { codeRule, type Found } from './codeRule';
import { insertArgument } from './evidence/edits';
import { graphTraining, hasSpread, type GraphTraining } from './evidence/graphTraining';
import { callRange, functionOf } from './evidence/places';

/** Weights that come from elsewhere, or a part of the graph that is not trained: moving statistics may be meant. */
const trainsPart =
  /\b(?:init_from_checkpoint|assign_from_checkpoint\w*|stop_gradient|learning_phase)\b/;

/** `tf.layers.batch_normalization(x)` in a file that trains: `training` is False unless it is passed. */
export const trainingNeverPassed = codeRule(
  'training-never-passed',
  'Trained without passing training',
  ({ file, calls }) => {
    const layers = calls.filter(({ family }) => family.id.startsWith('tf.layers'));
    const training = layers.length > 0 ? graphTraining(file) : undefined;
    if (!training || trainsPart.test(file.text)) return [];
    if (training.trainOps.some(op => op.arguments.some(({ name }) => name === 'var_list')))
      return [];
    // Where one call passes it, the others may be left out on purpose.
    const mayPass = layers.some(
      call => passesTraining(call) || hasSpread(call) || !isApplied(call),
    );
    if (mayPass) return [];
    return layers
      .filter(({ statement }) => statement.trainable !== false)
      .map(call => finding(file, call, training));
  },
);

function passesTraining({ arguments: given }: BatchNormCall): boolean {
  return given.some(({ role }) => role === 'training');
}

/** Whether the call that would pass it is seen. */
function isApplied({ family, application }: BatchNormCall): boolean {
  return family.makes === 'output' || application !== undefined;
}

function finding(file: CodeFile, call: BatchNormCall, { trainOps, runner }: GraphTraining): Found {
  const evidence = trainOps.slice(0, 1).map(op => ({
    range: callRange(file, op),
    message: 'This trains the graph that the layer is in.',
  }));
  const fix = passing(file, call);
  return {
    range: call.range,
    message:
      'training is never passed, and is False: while this file trains, the layer normalises with its moving statistics,' +
      ' which stay at mean 0 and variance 1. It scales and shifts, and normalises nothing.' +
      ' Pass training=True while training and False else (a placeholder, or an argument), and run UPDATE_OPS with the train op.',
    ...(fix && { fix }),
    evidence: [...evidence, { range: callRange(file, runner), message: 'And this runs it.' }],
  };
}

/** Names by which code says that it trains. */
const flagName =
  /^(?:is_?)?train(?:ing)?(?:_?(?:phase|mode|flag|ph|placeholder))?$|^phase(?:_train)?$/i;

/** Passes what the file has for it at that place; there is no fix where it has nothing. */
function passing(file: CodeFile, { call, application }: BatchNormCall): CodeFix | undefined {
  const target = application ?? call;
  const flag = flagAt(file, target.open);
  if (flag === undefined) return undefined;
  const text = `training=${flag}`;
  return { label: `Pass ${text}`, edits: [insertArgument(file, target, text)] };
}

function flagAt(file: CodeFile, token: number): string | undefined {
  const names = file.bindings.paths.filter(path => flagName.test(path));
  for (let scope = functionOf(file, token); ; scope = outerFunction(file, scope)) {
    const parameter = [...parametersOf(file, scope)].find(name => flagName.test(name));
    if (parameter !== undefined) return parameter;
    const bound = names.find(name =>
      file.bindings.inFunction(name, scope).some(binding => binding.token < token),
    );
    if (bound !== undefined) return bound;
    if (scope < 0) return undefined;
  }
}

function outerFunction({ statements }: CodeFile, header: number): number {
  return statements.all[header]?.scope ?? -1;
}
