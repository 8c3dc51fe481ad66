import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import type { CodeFix, TextEdit } from './codeFinding';
import { codeRule, type Found } from './codeRule';
import { firstStatement, insertLineAfterBlock, insertLineBefore } from './evidence/edits';
import {
  findEvaluations,
  findTraining,
  type Evaluation,
  type Training,
} from './evidence/evaluations';
import {
  blockSpan,
  callRange,
  callsIn,
  isWithin,
  lastPart,
  loopAround,
  receiver,
} from './evidence/places';
import { torchLayers, torchModels } from './evidence/torchModels';

/** All that may put a model in inference otherwise. */
const mayEvaluate =
  /\.eval\b|\.training\s*=|\.train\(\s*[^)\s]|\bLightningModule\b|\bfor_each_module\b|\b(?:eval|evaluation|train|training|set)_mode\b|\bevaluating\b/i;

/** What means to evaluate in training mode: statistics taken anew, adaptation to the test data, dropout that is sampled. */
const meansTraining =
  /\bupdate_bn\b|\badapt|\bAdaBN\b|\brecalibrat|\bbatch stat|(?<![a-z])mc[_ ]?(?:dropout|samples?|eval)|monte.?carlo/i;

/** `model(x)` in an evaluation, where `model.eval()` was never called or was undone. */
export const evalNeverCalled = codeRule(
  'eval-never-called',
  'Evaluated in training mode',
  ({ file, calls }) => {
    const layers = torchLayers(calls);
    if (layers.length === 0 || meansTraining.test(file.text)) return [];
    const models = torchModels(file, layers);
    const isSilent = mayEvaluate.test(file.text);
    return findEvaluations(file).flatMap(evaluation => {
      const forward = forwardIn(file, evaluation, path => models.holds(path));
      const training = forward && findTraining(file, forward.path);
      if (!forward || !training) return [];
      const seen = { file, layers, evaluation, forward, training };
      const undone = undoneBy(file, evaluation, forward);
      if (undone) return [undoneFinding(seen, undone)];
      return isSilent ? [] : [neverFinding(seen)];
    });
  },
);

interface Seen {
  readonly file: CodeFile;
  readonly layers: readonly BatchNormCall[];
  readonly evaluation: Evaluation;
  readonly forward: Call;
  readonly training: Training;
}

function forwardIn(
  file: CodeFile,
  { span }: Evaluation,
  isModel: (path: string) => boolean,
): Call | undefined {
  return callsIn(file, span).find(({ path }) => isModel(path));
}

/** The `train()` by which a function that evaluates puts the model back in training before it asks it. */
function undoneBy(file: CodeFile, { isNamed, span }: Evaluation, forward: Call): Call | undefined {
  if (!isNamed) return undefined;
  const modes = callsIn(file, span).filter(
    ({ path, callee }) =>
      callee.first < forward.callee.first &&
      receiver(path) === forward.path &&
      /^(?:train|eval)$/.test(lastPart(path)),
  );
  const last = modes.at(-1);
  return last && lastPart(last.path) === 'train' && last.arguments.length === 0 ? last : undefined;
}

/** What happens, with the number of the first layer. */
function consequences({ layers, forward }: Seen): string {
  const momentum = layers[0]?.statement.momentum ?? 0.1;
  const normalise =
    layers.length === 1
      ? `the batch norm in ${forward.path} normalises`
      : `batch norms in ${forward.path} normalise`;
  return (
    `${normalise} each batch with its own mean and variance, so that a result depends on the samples beside it,` +
    ` and running_mean and running_var move ${momentum} of the way to the evaluated data with every batch, under no_grad() too.`
  );
}

function evidenceOf({ file, layers, training }: Seen): Found['evidence'] {
  const layer = layers[0];
  return [
    ...(layer ? [{ range: layer.range, message: 'A batch norm of the model.' }] : []),
    { range: callRange(file, training.backward), message: 'The model is trained here.' },
  ];
}

function neverFinding(seen: Seen): Found {
  const { file, forward } = seen;
  const fix = evaluating(seen);
  return {
    range: callRange(file, forward),
    message:
      `${forward.path} is evaluated in training mode: nothing in this file calls ${forward.path}.eval(). So ${consequences(seen)}` +
      ` Call ${forward.path}.eval() before, and ${forward.path}.train() before training goes on.`,
    ...(fix && { fix }),
    evidence: evidenceOf(seen),
  };
}

function undoneFinding(seen: Seen, undone: Call): Found {
  const { file, forward } = seen;
  const word = undone.open - 1;
  const range = { start: file.tokens.start(word), end: file.tokens.end(word) };
  return {
    range: callRange(file, undone),
    message:
      `This puts ${forward.path} in training before it is evaluated. So ${consequences(seen)}` +
      ` Call ${forward.path}.eval() here, and ${forward.path}.train() where training goes on.`,
    fix: { label: `Call ${forward.path}.eval()`, edits: [{ range, text: 'eval' }] },
    evidence: [
      { range: callRange(file, forward), message: 'The model is evaluated here.' },
      ...evidenceOf(seen),
    ],
  };
}

/** Calls `eval()` before the evaluation, and `train()` where the training would else go on without it. */
function evaluating(seen: Seen): CodeFix | undefined {
  const { file, evaluation, forward } = seen;
  const { header, kind } = evaluation;
  const at = kind === 'block' ? header : firstStatement(file, header);
  const before =
    at === undefined ? undefined : insertLineBefore(file, at, `${forward.path}.eval()`);
  const back = trainingAgain(seen);
  if (!before || back === 'nowhere') return undefined;
  const edits = [before, ...(back ? [back] : [])].sort((a, b) => a.range.start - b.range.start);
  const label = back
    ? `Call ${forward.path}.eval() here, and ${forward.path}.train() before training`
    : `Call ${forward.path}.eval()`;
  return { label, edits };
}

function trainingAgain({ file, evaluation, training }: Seen): TextEdit | 'nowhere' | undefined {
  const model = training.forward.path;
  const line = `${model}.train()`;
  const loop = loopAround(file, training.backward.callee.first);
  if (loop < 0) return undefined;
  const batches = blockSpan(file, loop);
  const start = file.statements.all[loop]?.first ?? 0;
  const evaluationStart = file.statements.all[evaluation.header]?.first ?? 0;
  const sets = file.calls.filter(({ path }) => path === line.slice(0, -2));
  if (evaluation.kind === 'block' && isWithin(evaluationStart, batches)) {
    // Between two batches: the next is to be trained on.
    if (sets.some(({ callee }) => isWithin(callee.first, batches))) return undefined;
    return insertLineAfterBlock(file, evaluation.header, line) ?? 'nowhere';
  }
  const isSet = sets.some(({ callee }) => callee.first < start || isWithin(callee.first, batches));
  return isSet ? undefined : (insertLineBefore(file, loop, line) ?? 'nowhere');
}
