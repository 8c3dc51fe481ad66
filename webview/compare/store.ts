import type { Problem } from '../../src/core/problem';
import type { CompareState } from '../../src/protocol/compare';
import { ModelStore } from '../modelStore';

/** The page's own part of what survives a reload. */
export interface CompareLayout {
  /** The selected element, or null. */
  readonly selected: readonly number[] | null;
}

export interface CompareModel {
  /** null until the host has answered for the first time. */
  readonly state: CompareState | null;
  readonly layout: CompareLayout;
  /** Why the last action was refused. */
  readonly refusal: Problem | null;
}

/** Holds what the page shows, and writes what a reload needs when that changes. */
export class CompareStore extends ModelStore<CompareLayout, CompareModel> {
  private written = '';

  constructor(
    saved: unknown,
    private readonly write: (state: unknown) => void,
  ) {
    super({ state: null, layout: parseLayout(saved), refusal: null });
  }

  /** The host's serializer reads `restore`. */
  keep({ state, layout }: CompareModel): void {
    if (!state) return;
    const next = { restore: state.restore, layout };
    const text = JSON.stringify(next);
    if (text === this.written) return;
    this.written = text;
    this.write(next);
  }
}

function parseLayout(saved: unknown): CompareLayout {
  const layout =
    typeof saved === 'object' && saved !== null && 'layout' in saved ? saved.layout : null;
  const selected =
    typeof layout === 'object' && layout !== null && 'selected' in layout ? layout.selected : null;
  const isIndex = Array.isArray(selected) && selected.every(i => Number.isSafeInteger(i) && i >= 0);
  return { selected: isIndex ? (selected as number[]) : null };
}
