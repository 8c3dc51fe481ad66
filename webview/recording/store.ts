import type { Problem } from '../../src/core/problem';
import type { RecordingState } from '../../src/protocol/recording';
import { ModelStore } from '../modelStore';

/** What a person looks at: kept with the page. */
export interface Selection {
  /** Empty is the first. */
  readonly layer: string;
  readonly channel: number;
}

export interface RecordingModel {
  /** null until the host has answered for the first time. */
  readonly state: RecordingState | null;
  /** Why the last request was refused. */
  readonly problem: Problem | null;
  readonly layout: Selection;
}

/** Holds the model of a recording's page. */
export class RecordingStore extends ModelStore<Selection, RecordingModel> {}

/** Reads back what was kept; anything unexpected is the first channel of the first layer. */
export function parseSelection(value: unknown): Selection {
  const { layer, channel } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const isChannel = typeof channel === 'number' && Number.isSafeInteger(channel) && channel >= 0;
  return {
    layer: typeof layer === 'string' ? layer : '',
    channel: isChannel ? channel : 0,
  };
}
