import type { Problem } from '../../src/core/problem';
import type { FilesState } from '../../src/protocol/comparedFiles';
import { ModelStore } from '../modelStore';

/** How the pairs are looked at: kept with the page. */
export interface PairLayout {
  /** Rows that are drawn, from the first on. */
  readonly rows: number;
  /** Those that differ most first; else in the order of A. */
  readonly worstFirst: boolean;
}

export interface FilesModel {
  /** null until the host has answered for the first time. */
  readonly state: FilesState | null;
  /** Why the last request was refused. */
  readonly problem: Problem | null;
  readonly layout: PairLayout;
}

/** Holds the model of the page of two checkpoints. */
export class FilesStore extends ModelStore<PairLayout, FilesModel> {}

/** Rows that are drawn at first, and with each press of “Show more”. */
export const rowsAtOnce = 100;

/** Reads back what was kept; anything unexpected is the beginning. */
export function parseLayout(value: unknown): PairLayout {
  const kept = (key: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  const rows = kept('rows');
  const isCount = typeof rows === 'number' && Number.isSafeInteger(rows) && rows > 0;
  return { rows: isCount ? rows : rowsAtOnce, worstFirst: kept('worstFirst') !== false };
}
