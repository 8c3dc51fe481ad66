import type { Flags } from '../src/core/batchnorm/flags';
import type { ParameterName } from '../src/core/batchnorm/layer';
import type { Problem } from '../src/core/problem';
import type { PanelState } from '../src/protocol/panel';
import { ModelStore } from './modelStore';
import type { Layout } from './savedState';

/** A control that can be refused; the message is shown beside it. */
export type ControlName =
  | 'flags'
  | 'convention'
  | 'axis'
  | 'epsilon'
  | 'momentum'
  | 'step'
  | 'element'
  | 'cell'
  | 'picture'
  | 'panel';

export interface Refusal {
  readonly control: ControlName;
  readonly problem: Problem;
}

/** A grid cell while it is being edited. */
export interface CellEdit {
  readonly row: number;
  readonly channel: number;
  readonly parameter: ParameterName;
  /** What the editor opens with. */
  readonly text: string;
  /** Opened on the value there is, and not by typing over it. */
  readonly fresh: boolean;
  /** Why the text typed so far was not accepted, or empty. */
  readonly problem: string;
}

/** A value typed into the grid that the host has not shown yet. */
export interface PendingCell {
  /** null is all channels. */
  readonly channel: number | null;
  readonly parameter: ParameterName;
  readonly value: number;
}

/** What scrolls by in the grid: pixels. */
export interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** Everything the page shows is a function of this. */
export interface PanelModel {
  /** null until the host has answered for the first time. */
  readonly state: PanelState | null;
  /** Flags that were clicked and not yet shown by the host. */
  readonly pendingFlags: Flags | null;
  /** A channel that was selected and not yet shown by the host. */
  readonly pendingChannel: number | null;
  readonly pendingCell: PendingCell | null;
  readonly editing: CellEdit | null;
  readonly refusal: Refusal | null;
  /** What the filter field holds while the host has not filtered by it yet. */
  readonly filterText: string | null;
  readonly viewport: Viewport;
  readonly layout: Layout;
}

/** Holds the model of a panel's page. */
export class Store extends ModelStore<Layout, PanelModel> {}

/** The flags as the page shows them: what was clicked last. */
export function shownFlags(model: PanelModel, shown: Flags): Flags {
  return model.pendingFlags ?? shown;
}

/**
 * The model after the host showed a state: what was pending and has now come true is dropped. Flags
 * that the host has not caught up with stay as clicked.
 */
export function afterShow(model: PanelModel, state: PanelState): Partial<PanelModel> {
  if (state.kind !== 'ready') {
    return { state, pendingFlags: null, pendingChannel: null, pendingCell: null, editing: null };
  }
  const { flags } = state.view.flags;
  const { pendingFlags, pendingChannel, filterText } = model;
  const { channels } = state.view;
  const caughtUp =
    pendingFlags?.training === flags.training && pendingFlags.trainable === flags.trainable;
  return {
    state,
    pendingFlags: caughtUp ? null : pendingFlags,
    pendingChannel: pendingChannel === channels.selected ? null : pendingChannel,
    pendingCell: null,
    filterText: filterText === channels.query.filter ? null : filterText,
  };
}

export function freshModel(layout: Layout): PanelModel {
  return {
    state: null,
    pendingFlags: null,
    pendingChannel: null,
    pendingCell: null,
    editing: null,
    refusal: null,
    filterText: null,
    // Until the grid has been measured: enough rows for a tall window.
    viewport: { top: layout.gridTop, height: 600 },
    layout,
  };
}
