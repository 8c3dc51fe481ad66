import type { BatchNormCall } from '../../batchNormCalls/batchNormCall';
import type { TokenSpan } from '../../bindings';
import type { CodeFile } from '../../codeFile';
import { classAround, functionAround } from '../../scopes';
import { declaredName, isWithin } from './places';

/** Modules with moving statistics, in training mode until somebody says otherwise. */
export function torchLayers(calls: readonly BatchNormCall[]): readonly BatchNormCall[] {
  return calls.filter(
    ({ family, statement }) =>
      family.id.startsWith('torch.nn') &&
      family.makes === 'layer' &&
      statement.tracking !== 'none' &&
      statement.training !== false,
  );
}

/** Variables of a file that hold models with some layers in them. */
export interface TorchModels {
  /** @param path `model`, `self.net`: whether the file sets it to a model with one of the layers in it */
  holds(path: string): boolean;
}

/** Classes and functions that hold one another, from the inside out, that are followed. */
const deepest = 8;

/** Follows layers to the classes and functions that make them, and these to the variables that they are put in. */
export function torchModels(file: CodeFile, layers: readonly BatchNormCall[]): TorchModels {
  const makers = new Set<string>();
  for (const { call } of layers) addMakers(file, call.callee.first, makers);
  for (let round = 0, before = -1; round < deepest && makers.size !== before; round++) {
    before = makers.size;
    for (const { path, callee } of file.calls) {
      if (makers.has(path)) addMakers(file, callee.first, makers);
    }
  }
  const made = [
    ...layers.map(({ call }) => call.callee.first),
    ...file.calls.filter(({ path }) => makers.has(path)).map(({ callee }) => callee.first),
  ];
  const isMade = (value: TokenSpan): boolean => made.some(token => isWithin(token, value));
  const known = new Map<string, boolean>();
  const isHeld = (path: string): boolean =>
    file.bindings.of(path).some(({ value }) => value !== undefined && isMade(value));
  return {
    holds: path => {
      const held = known.get(path) ?? isHeld(path);
      known.set(path, held);
      return held;
    },
  };
}

/** The class that a token is in, or the function where it is in none. */
function addMakers(file: CodeFile, token: number, makers: Set<string>): void {
  const at = file.statements.indexOf(token);
  const owner = classAround(file, at);
  const name = declaredName(file, owner >= 0 ? owner : functionAround(file, at));
  if (name !== '') makers.add(name);
}
