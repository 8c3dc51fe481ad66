import { pathAt, type TokenSpan } from '../../bindings';
import type { BatchNormCall } from '../../batchNormCalls/batchNormCall';
import type { Call } from '../../calls';
import type { CodeFile } from '../../codeFile';
import { evaluateSpan, bindingAt } from '../../values';
import { itemsBetween } from '../../bindings';
import { lastPart } from './places';

/** Layers and functions that give out what they are given in the same order of axes. */
const keepsAxes =
  /^(?:Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|Dropout|SpatialDropout\dD|GaussianNoise|ActivityRegularization|relu\d?|leaky_relu|elu|selu|crelu|sigmoid|tanh|swish|dropout|activation|reLU|leakyReLU|spatialDropout\dd)$/;

/** Steps from a layer back to what decides about its axes. */
const mostSteps = 12;

/**
 * The call that makes what a batch norm is given, over those that change nothing of its axes or its rank: the layer before
 * it in a `Sequential`, or the one that its input leads to. Undefined where that is not certain.
 */
export function layerBefore(
  file: CodeFile,
  { call, application, family }: BatchNormCall,
): Call | undefined {
  const given =
    family.makes === 'output'
      ? (call.arguments.find(({ name }) => name === 'inputs') ?? call.arguments[0])
      : application?.arguments.find(({ index }) => index === 0);
  if (given) return leadsTo(file, given.value, mostSteps);
  return application ? undefined : listedBefore(file, call, mostSteps);
}

function leadsTo(file: CodeFile, span: TokenSpan, steps: number): Call | undefined {
  if (steps === 0) return undefined;
  const { tokens } = file;
  const path = pathAt(tokens, span.first);
  if (!path) return undefined;
  if (path.next === span.end) {
    const found = bindingAt(file, path.path, span.first);
    const value = found && 'binding' in found ? found.binding.value : undefined;
    return value && leadsTo(file, value, steps - 1);
  }
  if (!tokens.is(path.next, '(')) return undefined;
  const made = file.callAt(path.next);
  if (!made) return undefined;
  // `Conv2D(…)(x)` and `conv2d(x, …)`: the layer is the first call, what it is given in the last.
  const applied = file.callIndex.ofResult(made.close);
  const outer = applied ?? made;
  if (
    outer.close + 1 !== span.end ||
    (applied && applied.path !== '' && applied.path !== '.apply')
  ) {
    return undefined;
  }
  if (!keepsAxes.test(lastPart(made.path))) return made;
  const input = outer.arguments.find(({ index }) => index === 0);
  return input && leadsTo(file, input.value, steps - 1);
}

/** The layer before one in a list, or added to the same model before it. */
function listedBefore(file: CodeFile, call: Call, steps: number): Call | undefined {
  if (steps === 0) return undefined;
  const before = itemBefore(file, call) ?? addedBefore(file, call);
  if (!before) return undefined;
  return keepsAxes.test(lastPart(before.path)) ? listedBefore(file, before, steps - 1) : before;
}

/** `[Conv2D(…), BatchNormalization()]` */
function itemBefore(file: CodeFile, { callee, close }: Call): Call | undefined {
  const { tokens, brackets } = file;
  const list = brackets.around(callee.first);
  if (!tokens.is(list, '[')) return undefined;
  const items = itemsBetween(tokens, brackets, list + 1, brackets.partner(list));
  const at = items.findIndex(({ first, end }) => first === callee.first && end === close + 1);
  const before = items[at - 1];
  return before && wholeCall(file, before);
}

/** `model.add(Conv2D(…))` in the statement before `model.add(BatchNormalization())`. */
function addedBefore(file: CodeFile, { callee, close }: Call): Call | undefined {
  const { tokens, brackets, statements } = file;
  const add = file.callAt(brackets.around(callee.first));
  if (!add || lastPart(add.path) !== 'add' || add.close !== close + 1) return undefined;
  const index = statements.indexOf(add.callee.first);
  const previous = statements.all[index - 1];
  if (previous?.parent !== statements.all[index]?.parent || !previous) return undefined;
  const path = pathAt(tokens, previous.first);
  const other = path?.path === add.path ? file.callAt(path.next) : undefined;
  const value = other?.arguments[0]?.value;
  return value && wholeCall(file, value);
}

function wholeCall(file: CodeFile, { first, end }: TokenSpan): Call | undefined {
  const path = pathAt(file.tokens, first);
  const call = path && file.tokens.is(path.next, '(') ? file.callAt(path.next) : undefined;
  return call?.close === end - 1 ? call : undefined;
}

/** What an argument of a call is, where it is a string that can be told. */
export function stringArgument(
  file: CodeFile,
  { arguments: given }: Call,
  ...names: readonly string[]
): string | undefined {
  const argument = given.find(({ name }) => name !== undefined && names.includes(name));
  const value = argument && evaluateSpan(file, argument.value);
  return value?.kind === 'string' ? value.value : undefined;
}
