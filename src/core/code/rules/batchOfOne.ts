import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import { pathAt } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { resolveName } from '../names';
import { evaluateSpan } from '../values';
import { codeRule, type CheckedCode, type Found } from './codeRule';
import { layerBefore } from './evidence/layerChain';
import { blockSpan, callRange, isWithin, lastPart } from './evidence/places';
import { torchLayers } from './evidence/torchModels';

/** Batches of one sample into a layer that has one value a channel of it. */
export const batchOfOne = codeRule('batch-of-one', 'Trained on batches of one', code => [
  ...torchBatches(code),
  ...kerasBatches(code),
]);

/** What may put layers in inference, or gather samples elsewhere. */
const mayEvaluate =
  /\.eval\(|\.training\s*=|\.train\(\s*[^)\s]|\bcollate_fn\b|\bbatch_sampler\b|\.repeat\(/;

/** `DataLoader(data, batch_size=1)` that a training loop goes over, with `BatchNorm1d` behind a `Linear`. */
function torchBatches({ file, calls }: CheckedCode): readonly Found[] {
  const layer = torchLayers(calls).find(call => isBehindLinear(file, call));
  if (!layer) return [];
  return file.calls.flatMap(loader => {
    const isLoader = resolveName(file, loader.path).names.some(name =>
      /^torch\.utils\.data\.(?:dataloader\.)?DataLoader$/.test(name),
    );
    const size = isLoader ? onlyOne(file, loader, 1) : undefined;
    const backward = size && trainedOn(file, loader);
    if (!size || !backward) return [];
    return [
      {
        range: size,
        message:
          `This file trains on batches of one sample, and ${layer.name} behind a Linear has one value a channel of it, whose variance is not defined:` +
          ' PyTorch stops with “Expected more than 1 value per channel when training”. Take batches of at least 2 (better 16 and more, with drop_last=True' +
          ' for the rest), or LayerNorm, which takes its statistics over the features of one sample.',
        evidence: [
          { range: layer.range, message: 'The layer.' },
          { range: callRange(file, backward), message: 'The training loop.' },
        ],
      },
    ];
  });
}

/** Where a call is given one sample a batch, as a number that can be told. */
function onlyOne(
  file: CodeFile,
  { arguments: given }: Call,
  place: number,
): Found['range'] | undefined {
  const size = given.find(
    ({ name, index }) => name === 'batch_size' || (place >= 0 && index === place),
  );
  if (!size || size.spread) return undefined;
  const value = evaluateSpan(file, size.value);
  const { tokens } = file;
  return value.kind === 'number' && value.value === 1
    ? { start: tokens.start(size.value.first), end: tokens.end(size.value.end - 1) }
    : undefined;
}

/** Whether the statement before the layer makes a `Linear` of as many features, and nothing makes sequences. */
function isBehindLinear(file: CodeFile, { canonicalName, call }: BatchNormCall): boolean {
  if (!canonicalName.endsWith('.BatchNorm1d') || mayEvaluate.test(file.text)) return false;
  const { tokens } = file;
  if (/\b(?:Conv1d|LSTM|GRU|RNN|Embedding|unsqueeze|permute|transpose)\b/.test(file.text))
    return false;
  const features = call.arguments[0];
  const before = file.calls
    .filter(({ open, path }) => open < call.callee.first && lastPart(path) === 'Linear')
    .at(-1);
  const out = before?.arguments.find(({ name, index }) => name === 'out_features' || index === 1);
  if (!features || !out) return false;
  const text = (value: { readonly first: number; readonly end: number }): string =>
    Array.from({ length: value.end - value.first }, (_, i) => tokens.textOf(value.first + i)).join(
      '',
    );
  return text(features.value) === text(out.value);
}

/** The backward in a loop over a loader, which its variable must lead to. */
function trainedOn(file: CodeFile, loader: Call): Call | undefined {
  const { tokens, statements, bindings } = file;
  const name = bindings.paths.find(path => {
    const [binding, another] = bindings.of(path);
    return (
      !another &&
      binding?.value &&
      isWithin(loader.callee.first, binding.value) &&
      binding.value.first === loader.callee.first
    );
  });
  if (name === undefined) return undefined;
  for (const [header, { kind, word, first, end }] of statements.all.entries()) {
    if (kind !== 'loop' || word !== 'for') continue;
    const goesOver = Array.from({ length: end - first }, (_, i) => first + i).some(
      token => pathAt(tokens, token)?.path === name && tokens.textOf(token - 1) !== '.',
    );
    const span = goesOver ? blockSpan(file, header) : undefined;
    const backward =
      span &&
      file.calls.find(
        ({ path, callee }) => isWithin(callee.first, span) && lastPart(path) === 'backward',
      );
    if (backward) return backward;
  }
  return undefined;
}

/** `model.fit(x, y, batch_size=1)` with a batch norm behind a `Dense`. */
function kerasBatches({ file, calls }: CheckedCode): readonly Found[] {
  const layer = calls.find(
    call =>
      call.family.id === 'keras' &&
      call.statement.trainable !== false &&
      call.statement.training !== false &&
      lastPart(layerBefore(file, call)?.path ?? '') === 'Dense',
  );
  // A sequence goes through Dense as it is: then there is more than one value.
  if (
    !layer ||
    /\b(?:LSTM|GRU|Embedding|TimeDistributed|Conv\w*D|learning_phase)\b/.test(file.text)
  )
    return [];
  return file.calls.flatMap(fit => {
    if (!fit.path.endsWith('.fit')) return [];
    const size = onlyOne(file, fit, 2);
    if (!size) return [];
    return [
      {
        range: size,
        message:
          'Fitted on batches of one sample, the batch norm behind a Dense has one value a channel: its batch mean is that value and its variance 0, so its' +
          ' output is beta whatever comes in, nothing before it learns, and the moving variance goes to 0, by which inference then divides.' +
          ' Take batches of at least 2, better 16 and more, or LayerNormalization.',
        evidence: [{ range: layer.range, message: 'The layer.' }],
      },
    ];
  });
}
