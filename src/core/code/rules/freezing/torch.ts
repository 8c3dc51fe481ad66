import type { CodeFile } from '../../codeFile';
import { evaluateSpan } from '../../values';
import type { CheckedCode, Found } from '../codeRule';
import { callRange, functionOf, lastPart, rangeOf, receiver } from '../evidence/places';
import { torchLayers } from '../evidence/torchModels';
import type { TokenSpan } from '../../bindings';

/** What puts some layers in inference, or keeps their statistics where they are, in whichever way. */
const mayKeep =
  /\btrack_running_stats\b|\.momentum\s*=|\bmomentum\s*=\s*0(?:\.0+)?(?![\d.])|Frozen\w*(?:BatchNorm|BN)|\.training\s*=|\bdef\s+train\s*\(\s*self\s*,\s*mode|\.train\(\s*(?:mode\s*=\s*)?False/;

/** `requires_grad = False` of batch norm's parameters in a file that trains, where nothing puts the layers in inference. */
export function frozenInTorch({ file, calls }: CheckedCode): readonly Found[] {
  const layers = torchLayers(calls);
  if (layers.length === 0 || mayKeep.test(file.text)) return [];
  const trains = file.calls.find(
    ({ path, arguments: given }) =>
      lastPart(path) === 'train' && path.includes('.') && given.length === 0,
  );
  const steps = file.calls.find(({ path }) => lastPart(path) === 'step' && path.includes('.'));
  if (!trains || !steps || evaluatesParts(file, receiver(trains.path))) return [];
  const [layer] = layers;
  return frozenPlaces(
    file,
    layers.map(({ layerName }) => layerName),
  ).map(span => ({
    range: rangeOf(file, span),
    message:
      'requires_grad=False freezes weight and bias alone: in train() the layer still normalises with each batch, and running_mean and' +
      ` running_var still move, by ${layer?.statement.momentum ?? 0.1} of the way a batch. To freeze the statistics too, call eval() of the layer after` +
      ` every ${trains.path}(), which puts it back in training.`,
    evidence: [
      {
        range: callRange(file, trains),
        message: 'This puts all layers in training, and nothing puts these in inference.',
      },
      { range: callRange(file, steps), message: 'This is the training.' },
    ],
  }));
}

/** Whether anything but a whole model is put in inference: that may be the layers. */
function evaluatesParts(file: CodeFile, model: string): boolean {
  return file.calls.some(({ path, of }) => {
    if (lastPart(path) !== 'eval' || (!path.includes('.') && of === undefined)) return false;
    return receiver(path) !== model;
  });
}

interface FrozenPlace extends TokenSpan {
  /** The layer, as spelled. */
  readonly of: string;
  /** Of the parameters that are frozen. */
  readonly part: 'weight' | 'bias' | 'both';
}

/**
 * Where weight and bias of batch norm are frozen: of a layer in a variable, or of all that a loop finds by their class.
 * One of them alone is no freeze: who wants no shift freezes the bias.
 */
function frozenPlaces(file: CodeFile, layerNames: readonly string[]): readonly TokenSpan[] {
  const places: FrozenPlace[] = [];
  const add = (token: number, path: string, value: TokenSpan | undefined): void => {
    const of = path.replace(/\.(?:weight|bias)$/, '');
    const isLayer = layerNames.includes(of) || isFoundByClass(file, token, of);
    if (!isLayer || !value) return;
    const evaluated = evaluateSpan(file, value);
    if (evaluated.kind !== 'boolean' || evaluated.value) return;
    const last = lastPart(path);
    const part = of === path ? 'both' : last === 'bias' ? 'bias' : 'weight';
    places.push({ first: token, end: value.end, of, part });
  };
  for (const path of file.bindings.paths.filter(name => name.endsWith('.requires_grad'))) {
    for (const { token, value } of file.bindings.of(path)) add(token, receiver(path), value);
  }
  for (const { path, callee, arguments: given } of file.calls) {
    if (lastPart(path) === 'requires_grad_' && given[0])
      add(callee.first, receiver(path), given[0].value);
  }
  places.sort((a, b) => a.first - b.first);
  const isWhole = ({ first, of, part }: FrozenPlace): boolean =>
    part === 'both' ||
    places.some(
      other =>
        other.of === of &&
        other.part !== part &&
        functionOf(file, other.first) === functionOf(file, first),
    );
  // Weight and bias are one layer's.
  return places.filter(isWhole).filter(({ first }, i, whole) => {
    const before = whole[i - 1];
    return !before || functionOf(file, before.first) !== functionOf(file, first);
  });
}

/** Whether a token is under `if isinstance(m, nn.BatchNorm2d)` and what is frozen is `m`, or a parameter of it. */
function isFoundByClass(file: CodeFile, token: number, path: string): boolean {
  const { statements, tokens, text } = file;
  let at = statements.all[statements.indexOf(token)]?.parent ?? -1;
  let names = [path];
  while (at >= 0) {
    const header = statements.all[at];
    if (!header || header.kind === 'function') return false;
    const line = text.slice(tokens.start(header.first), tokens.end(header.end - 1));
    // `for p in m.parameters():` the parameters are m's.
    const loop = /^for\s+(\w+)\s+in\s+([\w.]+)\.parameters\(\)/.exec(line);
    if (loop && names.includes(loop[1] ?? '')) names = [...names, loop[2] ?? ''];
    const test = /^(?:el)?if\s+isinstance\(\s*([\w.]+)\s*,\s*\(?([^:]*)\)\s*:/s.exec(line);
    if (test && names.includes(test[1] ?? '')) {
      const classes = (test[2] ?? '').split(',').filter(name => /\w/.test(name));
      return classes.every(name => name.includes('BatchNorm'));
    }
    at = header.parent;
  }
  return false;
}
