import type { Problem } from '../../src/core/problem';
import type { SeriesState } from '../../src/protocol/series';
import { ModelStore } from '../modelStore';

/** How much is looked at: kept with the page. */
export interface Shown {
  /** Layers that are drawn, from the first on. */
  readonly layers: number;
}

export interface SeriesModel {
  /** null until the host has answered for the first time. */
  readonly state: SeriesState | null;
  /** Why the last request was refused. */
  readonly problem: Problem | null;
  readonly layout: Shown;
}

/** Holds the model of the page of a series. */
export class SeriesStore extends ModelStore<Shown, SeriesModel> {}

/** Layers that are drawn at first, and with each press of “Show more”. */
export const layersAtOnce = 8;

/** The most that one page draws: the host answers no more. */
export const mostDrawn = 200;

/** Reads back what was kept; anything unexpected is the beginning. */
export function parseShown(value: unknown): Shown {
  const layers: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'layers') : undefined;
  const isCount = typeof layers === 'number' && Number.isSafeInteger(layers) && layers > 0;
  return { layers: isCount ? Math.min(layers, mostDrawn) : layersAtOnce };
}
