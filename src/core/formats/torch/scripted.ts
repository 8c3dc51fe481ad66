import type { LayerHint } from '../catalog';
import { PickleGlobal, type PickleCall } from '../pickle/values';
import type { TorchArchive } from './archive';

/** A file of code that is looked into, in bytes. */
const mostCodeBytes = 1 << 20;

/** Files of code that are looked into. */
const mostFiles = 2000;

/**
 * What TorchScript states of its batch norms: constants such as `eps : Final[float] = 1e-05` at the top of a class in the
 * archive's code. The code is searched, never run.
 * @param objects by path
 */
export async function scriptedHints(
  archive: TorchArchive,
  objects: ReadonlyMap<string, PickleCall>,
  signal: AbortSignal,
): Promise<LayerHint[]> {
  const files = new Map<string, string>();
  const hints: LayerHint[] = [];
  for (const [name, { callee }] of objects) {
    if (!(callee instanceof PickleGlobal) || !callee.module.startsWith('__torch__')) continue;
    if (!callee.name.includes('BatchNorm')) continue;
    const file = `code/${callee.module.replaceAll('.', '/')}.py`;
    if (!files.has(file)) {
      if (files.size >= mostFiles || !archive.has(file)) continue;
      files.set(file, new TextDecoder().decode(await archive.read(file, signal, mostCodeBytes)));
    }
    hints.push({ name, ...statedIn(files.get(file) ?? '', callee.name) });
  }
  return hints;
}

/** The constants of one class: they stand before its first function. */
function statedIn(code: string, className: string): Partial<LayerHint> {
  const start = code.indexOf(`class ${className}(`);
  const end = code.indexOf('\n  def ', start);
  const head = start < 0 ? '' : code.slice(start, end < 0 ? undefined : end);
  const [eps, momentum] = [constant(head, 'eps'), constant(head, 'momentum')];
  return {
    ...(typeof eps === 'number' && { epsilon: eps }),
    ...(momentum !== undefined && { momentum }),
  };
}

function constant(head: string, name: string): number | null | undefined {
  const text = new RegExp(`\\n  ${name} : [^\\n=]{1,40}= ([^\\n]{1,40})`).exec(head)?.[1];
  if (text === 'None') return null;
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
