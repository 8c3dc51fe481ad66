import type { Problem } from '../../problem';
import type { LayerPairs } from '../pairLayers';
import type { PairFinding } from './findings/registry';

/** Layers that a sentence names before the rest is only counted. */
const mostListed = 8;

const nowhere = { channels: [], source: '' };

/** What could not be compared, as a finding beside what could. */
export function compareProblem({ code, severity, message }: Problem, layer?: string): PairFinding {
  return {
    ...nowhere,
    id: code,
    severity,
    message,
    layers: layer === undefined ? [] : [layer],
    evidence: {},
    fix: 'Compare two that have the same shape and can be read.',
  };
}

/** What the pairs themselves tell, by the names of the layers: those exchanged, and those not sure. */
export function pairingFindings(
  { pairs }: LayerPairs,
  namesA: readonly string[],
  namesB: readonly string[],
): PairFinding[] {
  const nameA = (index: number): string => namesA[index] ?? '';
  const nameB = (index: number): string => namesB[index] ?? '';
  const exchanged = pairs.flatMap(({ a, numbersIn }) =>
    numbersIn === undefined ? [] : [{ a: nameA(a), b: nameB(numbersIn) }],
  );
  const unsure = pairs.flatMap(({ a, b, doubt, numbersIn }) =>
    doubt === undefined || numbersIn !== undefined ? [] : [{ a: nameA(a), b: nameB(b), doubt }],
  );
  return [...exchangedFinding(exchanged), ...unsureFinding(unsure)];
}

interface NamedPair {
  readonly a: string;
  readonly b: string;
}

/** Layers of one name, of which each holds the numbers of another. */
function exchangedFinding(exchanged: readonly NamedPair[]): PairFinding[] {
  const [first] = exchanged;
  if (!first) return [];
  const more = exchanged.length - 1;
  return [
    {
      ...nowhere,
      id: 'layers-exchanged',
      severity: 'error',
      message: `The numbers of ${first.a} of A are in ${first.b} of B, and not in the layer of its name${more === 0 ? '' : `, and likewise those of ${more} more`}: weights were loaded into other layers.`,
      layers: exchanged.map(({ a }) => a),
      evidence: Object.fromEntries(exchanged.slice(0, mostListed).map(({ a, b }) => [a, b])),
      fix: 'Assign weights by name, or in the order in which the layers of the model run, and not in that of the file.',
      source: 'values that agree in no other layer',
    },
  ];
}

/** Layers that only one of the two files has. */
export function unpairedFindings(
  onlyA: readonly string[],
  onlyB: readonly string[],
): PairFinding[] {
  const sides: [string, string, readonly string[]][] = [
    ['A', 'B', onlyA],
    ['B', 'A', onlyB],
  ];
  return sides
    .filter(([, , names]) => names.length > 0)
    .map(([side, other, names]) => ({
      ...nowhere,
      id: 'layer-unpaired',
      severity: 'error',
      message: `${names.length === 1 ? 'A layer of' : `${names.length} layers of`} ${side} ${names.length === 1 ? 'has' : 'have'} no partner in ${other}: ${listSome(names)}.`,
      layers: names,
      evidence: { layers: names.length },
      fix: 'Nothing, where the models are meant to differ; two layers are compared by name with FILE#LAYER.',
    }));
}

/** Pairs that nothing but a guess made: what is found of them is of two layers that may have nothing in common. */
function unsureFinding(unsure: readonly (NamedPair & { readonly doubt: string })[]): PairFinding[] {
  const [first] = unsure;
  if (!first) return [];
  const one = unsure.length === 1;
  return [
    {
      ...nowhere,
      id: 'pairing-unsure',
      severity: 'note',
      message: `${one ? 'A pair is' : `${unsure.length} pairs are`} not sure: ${first.a} and ${first.b}${one ? '' : ', for one'}. ${first.doubt}`,
      layers: unsure.map(({ a }) => a),
      evidence: { pairs: unsure.length },
      fix: 'Compare two layers by name, with FILE#LAYER on both sides, where these are not meant.',
      source: 'names, numbers and channel counts',
    },
  ];
}

/**
 * What pairs a finding is about, to follow its message: ` (all 53 pairs)`, or their names; empty where it says.
 * @param pairs of which it is about some
 */
export function pairsWords(
  { message, layers }: Pick<PairFinding, 'message' | 'layers'>,
  pairs: number,
): string {
  const isSaid = layers.slice(0, mostListed).every(name => name !== '' && message.includes(name));
  if (isSaid) return '';
  return ` (${layers.length > 1 && layers.length === pairs ? `all ${pairs} pairs` : listSome(layers)})`;
}

export function listSome(names: readonly string[]): string {
  const shown = names
    .slice(0, mostListed)
    .map(name => (name === '' ? 'the file’s own layer' : name));
  return (
    shown.join(', ') + (names.length > mostListed ? ` and ${names.length - mostListed} more` : '')
  );
}
