import type { PairFinding } from '../core/batchnorm/comparing/findings/registry';
import type { Problem } from '../core/problem';

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

export function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 8).map(name => (name === '' ? 'the file’s own layer' : name));
  return shown.join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
}
