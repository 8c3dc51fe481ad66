import type { Statement } from '../batchnorm/statement';
import type { Problem, TextRange } from '../problem';
import type { Tensor } from '../tensor/tensor';
import { join, type JsonDocument, type JsonMember } from './jsonDocument';
import type { RunFile, RunFileKey, RunFileRole } from './runFile';
import { readInput } from './runFileInput';
import { readMask } from './runFileMask';
import { assignRoles, keyOf } from './runFileRoles';
import { readStatement } from './runFileStatement';

/** A tensor in a document and where it stands. */
export interface NamedTensor {
  /** Its key, with those of the objects around it: `bn1/gamma`. `input` for a bare array. */
  readonly name: string;
  /** float32. */
  readonly tensor: Tensor;
  readonly range: TextRange;
}

/**
 * Every array of numbers in a JSON document, in its order. Arrays that hold strings or null are no
 * tensors and are passed over; numbers in ragged or mixed rows are a problem.
 */
export function listTensors(document: JsonDocument): {
  readonly tensors: readonly NamedTensor[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = document.problems.all();
  const reshaped = reshapedInput(document, problems);
  const tensors: NamedTensor[] = [];
  const add = (name: string, value: JsonMember['value'], range: TextRange): void => {
    if (value.kind !== 'numbers' || !value.array.closed) return;
    const wrong = value.array.values.filter(problem => problem.severity === 'error');
    if (wrong.some(({ code }) => code === 'not-a-number')) return;
    problems.push(...wrong.filter(({ code }) => code !== 'array-empty'));
    const { shape, data } = value.array;
    tensors.push({ name, tensor: { shape, dtype: 'float32', data }, range });
  };
  if (document.root?.kind === 'numbers') add('input', document.root, document.rootRange);
  for (const member of document.members) {
    if (member !== reshaped?.member) {
      add(join(member.parent, member.key), member.value, member.valueRange);
    } else if (reshaped.tensor) {
      tensors.push({ name: member.key, tensor: reshaped.tensor, range: member.valueRange });
    }
  }
  return { tensors, problems };
}

/** A flat input that "shape" is about; undefined where there is none. */
function reshapedInput(
  document: JsonDocument,
  problems: Problem[],
): { readonly member: JsonMember; readonly tensor: Tensor | undefined } | undefined {
  const roles = assignRoles(membersOf(document, ''));
  const member = roles.members.input;
  if (!member || !roles.members.shape) return undefined;
  return { member, tensor: readInput(document, roles, problems)?.tensor };
}

/** What a document says about a layer, with the place of everything it says. */
export interface StatedLayer {
  readonly statement: Statement;
  readonly keys: Readonly<Partial<Record<RunFileRole, RunFileKey>>>;
  readonly unknownKeys: RunFile['unknownKeys'];
  readonly problems: readonly Problem[];
}

/**
 * Reads what a document's own object says about a layer, or the object of that name in it. A name also
 * stands for keys that begin with it and a point or slash, as checkpoints spell them: `bn1.weight`.
 * @param name empty for the document's own object
 * @returns undefined where there is nothing of that name
 */
export function readStatedLayer(document: JsonDocument, name: string): StatedLayer | undefined {
  const members = membersOf(document, name);
  if (name !== '' && members.length === 0) return undefined;
  const roles = assignRoles(members, document.members);
  const problems: Problem[] = [...roles.problems];
  const statement = readStatement(roles, problems);
  const keys: Partial<Record<RunFileRole, RunFileKey>> = {};
  for (const [role, member] of Object.entries(roles.members)) {
    keys[role as RunFileRole] = keyOf(member);
  }
  return { statement, keys, unknownKeys: roles.unknown.map(keyOf), problems };
}

/** A mask, its place, and the input that it is about where the document says which that is. */
export interface StatedMask {
  readonly tensor: Tensor;
  readonly key: RunFileKey;
  readonly inputName: string | undefined;
}

/** The mask of a document's own object, for an input that somebody names. Numbers that are no mask are a problem. */
export function readStatedMask(
  document: JsonDocument,
  problems: Problem[],
): StatedMask | undefined {
  const roles = assignRoles(membersOf(document, ''), document.members);
  const { mask: member } = roles.members;
  const tensor = readMask(member, problems);
  if (!member || !tensor) return undefined;
  return { tensor, key: keyOf(member), inputName: readInput(document, roles, [])?.name };
}

function membersOf(document: JsonDocument, name: string): readonly JsonMember[] {
  if (name === '') return document.members.filter(({ parent }) => parent === '');
  return document.members.flatMap(member => {
    const full = join(member.parent, member.key);
    const rest = full.slice(name.length + 1);
    const inside = full.startsWith(name) && /^[/.]$/.test(full.charAt(name.length));
    return inside && rest !== '' && !/[/.]/.test(rest)
      ? [{ ...member, parent: '', key: rest }]
      : [];
  });
}

/** Names that stand for a layer in `readStatedLayer`: of objects, and what comes before the last point or slash of a key. */
export function layerNames(document: JsonDocument): string[] {
  const names = document.members.flatMap(({ parent, key }) => {
    const full = join(parent, key);
    const cut = Math.max(full.lastIndexOf('/'), full.lastIndexOf('.'));
    return cut > 0 ? [full.slice(0, cut)] : [];
  });
  return [...new Set(names)];
}
