import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import type { CodeFix, TextEdit } from './codeFinding';
import { codeRule, type Found } from './codeRule';
import { indentBefore, lineEnd } from './evidence/edits';
import { graphTraining, hasSpread, isGraphLayer } from './evidence/graphTraining';
import { callRange } from './evidence/places';

/** All that may run the updates, or make them part of the layer; a comment that names it is enough to be silent. */
const mayRun =
  /update_?ops|updates_collections|create_train_op|optimize_loss|get_updates|\.updates\b|learning\.train\b|\bupdate_op\b/i;

/** What keeps the statistics for whoever restores them. */
const keeps = /\bSaver\(|\bsaved_model\b|\bexport_\w+\(|\bEstimator\w*\(/;

/** A train op without the updates of moving statistics that the layers left in a collection. */
export const updateOpsNeverRun = codeRule(
  'update-ops-never-run',
  'UPDATE_OPS never run',
  ({ file, calls }) => {
    if (mayRun.test(file.text)) return [];
    const layers = calls.filter(isGraphLayer);
    if (layers.some(hasSpread)) return [];
    const training = layers.length > 0 ? graphTraining(file) : undefined;
    const [layer, ...others] = layers.filter(mayTrain);
    const [trainOp, ...further] = training?.trainOps ?? [];
    if (!training || !layer || !trainOp) return [];
    if (training.trainOps.some(op => hasDependencies(file, op))) return [];
    // What always normalises with its batch never looks at them, unless they are kept.
    const isAlwaysOn = layers.every(isConstantlyOn);
    if (isAlwaysOn && !keeps.test(file.text)) return [];
    const fix = further.length === 0 ? wrapped(file, trainOp) : undefined;
    return [
      {
        range: callRange(file, trainOp),
        message:
          'Nothing runs UPDATE_OPS: TensorFlow 1 leaves the updates of moving statistics in that collection, and this train op' +
          ` does not run them. However long it trains, ${countOf(others.length + 1)} at mean 0 and variance 1, and` +
          ' with training=False normalises nothing. Make the train op depend on tf.get_collection(tf.GraphKeys.UPDATE_OPS).',
        ...(fix && { fix }),
        evidence: [layer, ...others.slice(0, 2)].map(({ range, name }) => ({
          range,
          message: `${name} adds its updates to UPDATE_OPS.`,
        })),
      } satisfies Found,
    ];
  },
);

function countOf(layers: number): string {
  return layers === 1 ? 'the layer stays' : `the layers of ${layers} calls stay`;
}

/** Whether a layer normalises with its batch at times: then it adds updates. */
function mayTrain({ family, statement, arguments: given }: BatchNormCall): boolean {
  if (statement.trainable === false || statement.training === false) return false;
  return family.id === 'tf.contrib' || given.some(({ role }) => role === 'training');
}

function isConstantlyOn({ family, statement, arguments: given }: BatchNormCall): boolean {
  const stated = given.find(({ role }) => role === 'training');
  if (!stated) return family.id === 'tf.contrib';
  return stated.unknown === undefined && statement.training === true;
}

/** Whether a train op depends on something: what that is may be the updates under another name. */
function hasDependencies({ statements, tokens }: CodeFile, { callee }: Call): boolean {
  let at = statements.indexOf(callee.first);
  while (at >= 0) {
    const statement = statements.all[at];
    if (!statement) return false;
    for (let i = statement.first; statement.kind === 'context' && i < statement.end; i++) {
      if (tokens.is(i, 'control_dependencies')) return true;
    }
    at = statement.parent;
  }
  return false;
}

/** Puts the statement of a train op under the updates. */
function wrapped(file: CodeFile, trainOp: Call): CodeFix | undefined {
  const { text, tokens, statements, imports } = file;
  const index = statements.indexOf(trainOp.callee.first);
  const statement = statements.all[index];
  const indent = indentBefore(file, index);
  const alias = [...imports.names].find(([, module]) =>
    /^tensorflow(?:\.compat\.v1)?$/.test(module),
  );
  if (!statement || indent === undefined || !alias) return undefined;
  if (statement.kind !== 'plain' || /^(?:return|yield)$/.test(statement.word)) return undefined;
  const [start, end] = [tokens.start(statement.first), tokens.end(statement.end - 1)];
  if (/'''|"""|\\\n/.test(text.slice(start, end))) return undefined;
  const [tf] = alias;
  const header = `with ${tf}.control_dependencies(${tf}.get_collection(${tf}.GraphKeys.UPDATE_OPS)):`;
  const step = indent.includes('\t') ? '\t' : '    ';
  const edits: TextEdit[] = [
    { range: { start, end: start }, text: `${header}${lineEnd(file)}${indent}${step}` },
  ];
  for (
    let line = text.indexOf('\n', start);
    line >= 0 && line < end;
    line = text.indexOf('\n', line + 1)
  ) {
    edits.push({ range: { start: line + 1, end: line + 1 }, text: step });
  }
  return { label: 'Run UPDATE_OPS with the train op', edits };
}
