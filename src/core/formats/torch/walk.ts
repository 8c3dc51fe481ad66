import { refuse } from '../badFile';
import { mostNameLength, mostNamesLength, mostNesting, mostTensors } from '../limits';
import { PickleCall, PickleDict, PickleSequence, type PickleValue } from '../pickle/values';
import { attributesOf } from './arguments';
import type { PickledTensor } from './pickledTensor';
import { UniqueNames } from '../uniqueNames';
import { tensorOf } from './rebuild';

/** What an unpickled value holds. */
export interface PickleContents {
  /** In the order of the pickle. Names are unique. */
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  /** Objects with attributes, which modules are. */
  readonly objects: ReadonlyMap<string, PickleCall>;
}

/** Attributes of a module that are no part of its parameters' names. */
const unnamed: ReadonlySet<string> = new Set(['_parameters', '_buffers', '_modules']);

interface Visit {
  readonly value: PickleValue;
  readonly path: string;
  readonly depth: number;
}

/**
 * Finds every tensor in a value, named by the path to it: `state_dict.bn1.weight`, `layers.0.running_mean`. Parts that
 * are shared are walked once, so that neither cycles nor a million paths to one list matter.
 * @throws BadFile where it is nested beyond all measure
 */
export function walkPickle(root: PickleValue): PickleContents {
  const tensors = new Map<string, PickledTensor>();
  const objects = new Map<string, PickleCall>();
  const names = new UniqueNames();
  let pathsLength = 0;
  const seen = new Set<unknown>();
  const open: Visit[] = [{ value: root, path: '', depth: 0 }];
  for (let visit = open.pop(); visit; visit = open.pop()) {
    const { value, path, depth } = visit;
    const tensor = tensorOf(value);
    if (tensor) {
      if (tensors.size >= mostTensors)
        refuse('too-many-tensors', `it holds more than ${mostTensors} tensors.`);
      tensors.set(names.take(path === '' ? 'tensor' : path), tensor);
      continue;
    }
    if (!isContainer(value) || seen.has(value)) continue;
    seen.add(value);
    if (depth > mostNesting) {
      refuse('pickle-too-deep', `its pickle is nested more than ${mostNesting} levels deep.`);
    }
    if (value instanceof PickleCall && value.state !== undefined) {
      // Paths share their beginnings until they are keys.
      pathsLength += path.length;
      if (pathsLength > mostNamesLength)
        refuse('names-too-long', `its paths have more than ${mostNamesLength} characters.`);
      objects.set(path, value);
    }
    // Pushed backwards, so that they are taken in order.
    const parts = partsOf(value, seen);
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i] as Part;
      if (!isWalked(part.value)) continue;
      open.push({ value: part.value, path: join(path, part.name), depth: depth + 1 });
    }
  }
  return { tensors, objects };
}

function isWalked(value: PickleValue): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

type Container = PickleSequence | PickleDict | PickleCall;

function isContainer(value: PickleValue): value is Container {
  return (
    value instanceof PickleSequence || value instanceof PickleDict || value instanceof PickleCall
  );
}

interface Part {
  readonly name: string;
  readonly value: PickleValue;
}

/** @param seen what was walked before: a million objects may have one dict of attributes, or one tuple of arguments */
function partsOf(value: Container, seen: Set<unknown>): readonly Part[] {
  if (value instanceof PickleSequence) return value.items.map(numbered);
  if (value instanceof PickleDict) return membersOf(value);
  // What an object was made from comes first: an OrderedDict of Python 2 is a call with a list of pairs.
  const made = unseen(seen, [value.args]).flatMap(args => args.map(numbered));
  const attributes = unseen(seen, attributesOf(value)).flatMap(membersOf);
  return [
    ...made.filter(part => isContainer(part.value)),
    ...membersOf(value.contents),
    ...value.appended.map(numbered),
    ...attributes,
  ];
}

function numbered(value: PickleValue, index: number): Part {
  return { name: String(index), value };
}

function unseen<T>(seen: Set<unknown>, parts: readonly T[]): T[] {
  const fresh = parts.filter(part => !seen.has(part));
  for (const part of fresh) seen.add(part);
  return fresh;
}

function membersOf({ entries }: PickleDict): Part[] {
  return entries.map(([key, value]) => {
    const name = typeof key === 'string' || typeof key === 'number' ? String(key) : '?';
    return { name: unnamed.has(name) ? '' : name, value };
  });
}

function join(path: string, name: string): string {
  const full = path === '' || name === '' ? path + name : `${path}.${name}`;
  if (full.length > mostNameLength) {
    refuse('name-too-long', `a tensor of it has a name of more than ${mostNameLength} characters.`);
  }
  return full;
}
