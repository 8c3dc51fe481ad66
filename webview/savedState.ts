import type { RestoreState } from '../src/protocol/panel';

/** The page's own part of the webview state: what a reload or a hidden tab would otherwise lose. */
export interface Layout {
  /** Scroll position of the page, in pixels. */
  readonly pageTop: number;
  /** Scroll position of the channel grid, in pixels. */
  readonly gridTop: number;
  readonly gridLeft: number;
  /** The grid's active cell; row −1 is the header. */
  readonly activeRow: number;
  readonly activeColumn: number;
  /** What the "Run" field holds. */
  readonly runCount: string;
}

/** The whole webview state. The host's serializer reads `restore` and nothing else. */
export interface SavedState {
  readonly restore: RestoreState;
  readonly layout: Layout;
}

export const freshLayout: Layout = {
  pageTop: 0,
  gridTop: 0,
  gridLeft: 0,
  activeRow: 0,
  activeColumn: 0,
  runCount: '10',
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Reads back what `setState` kept; anything unexpected is replaced by the fresh layout. */
export function parseSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return { restore: undefined, layout: freshLayout };
  const layout = isRecord(value.layout) ? value.layout : {};
  const number = (key: Exclude<keyof Layout, 'runCount'>): number => {
    const found = layout[key];
    return typeof found === 'number' && Number.isFinite(found) ? found : freshLayout[key];
  };
  const runCount = layout.runCount;
  return {
    restore: value.restore,
    layout: {
      pageTop: number('pageTop'),
      gridTop: number('gridTop'),
      gridLeft: number('gridLeft'),
      activeRow: number('activeRow'),
      activeColumn: number('activeColumn'),
      runCount: typeof runCount === 'string' ? runCount : freshLayout.runCount,
    },
  };
}
