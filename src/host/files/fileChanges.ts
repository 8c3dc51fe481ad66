import { formatShape } from '../../core/tensor/shape';
import type { FileListing } from '../../protocol/tensorFile';

/** Names that one sentence lists at most. */
const mostNames = 3;

/** What another listing of the same file has that the one before did not, in sentences; empty where nothing. */
export function listingChanges(before: FileListing, after: FileListing): readonly string[] {
  const old = new Map(before.tensors.map(tensor => [tensor.name, tensor]));
  const now = new Map(after.tensors.map(tensor => [tensor.name, tensor]));
  const added = after.tensors.filter(({ name }) => !old.has(name));
  const removed = before.tensors.filter(({ name }) => !now.has(name));
  const reshaped = after.tensors.flatMap(({ name, shape, dtype }) => {
    const was = old.get(name);
    if (!was) return [];
    const change = [
      formatShape(was.shape) === formatShape(shape)
        ? ''
        : `${formatShape(was.shape)} → ${formatShape(shape)}`,
      was.dtype === dtype ? '' : `${was.dtype} → ${dtype}`,
    ].filter(part => part !== '');
    return change.length === 0 ? [] : [`${name} ${change.join(', ')}`];
  });
  return [
    sentence(
      'added',
      added.map(({ name }) => name),
      'tensor',
    ),
    sentence(
      'removed',
      removed.map(({ name }) => name),
      'tensor',
    ),
    sentence('changed', reshaped, 'tensor'),
  ].filter(text => text !== '');
}

/** Which layers have other numbers than before. @param total layers that were compared */
export function movedLayers(names: readonly string[], total: number): string {
  if (total === 0) return '';
  if (names.length === 0) return 'No batch norm moved.';
  if (names.length === total && total > 1) return `All ${total} batch norms moved.`;
  return sentence('moved', names, 'batch norm');
}

function sentence(what: string, names: readonly string[], noun: string): string {
  if (names.length === 0) return '';
  const rest = names.length - mostNames;
  const listed = names.slice(0, mostNames).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'} ${what}: ${listed}.`;
}
