import { defaultTolerance } from '../../core/statistics/compare';
import type { FilesSpec } from '../../protocol/comparedFiles';
import { parseTolerance } from '../compare/compareSpec';
import { isRecord } from '../guards';
import { baseName } from '../inspection/source';

export const comparedFilesViewType = 'normscope.comparedFiles';

/** `Compare: old.pt ↔ new.safetensors`. */
export function filesTitle({ a, b }: FilesSpec): string {
  return `Compare: ${baseName(a)} ↔ ${baseName(b)}`;
}

/** @returns undefined where the value is none that a page kept */
export function parseFilesSpec(value: unknown): FilesSpec | undefined {
  if (!isRecord(value)) return undefined;
  const { a, b } = value;
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  return { a, b, tolerance: parseTolerance(value.tolerance) ?? defaultTolerance };
}
