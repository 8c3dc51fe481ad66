import type { Arrangement } from './rows';

/** The page's own part of the webview state: what a reload or a hidden tab would otherwise lose. */
export interface FileLayout {
  readonly arrangement: Arrangement;
  readonly filter: string;
  /** Key of the active row, or empty. */
  readonly active: string;
  /** Scroll position of the tree, in pixels. */
  readonly top: number;
  /** Nodes that the user opened (true) or closed. */
  readonly toggled: ReadonlyMap<string, boolean>;
}

export const freshLayout: FileLayout = {
  arrangement: 'tree',
  filter: '',
  active: '',
  top: 0,
  toggled: new Map(),
};

/** Toggles that are kept at most. */
const mostToggles = 2000;

export function saveLayout(layout: FileLayout): unknown {
  return { ...layout, toggled: [...layout.toggled].slice(-mostToggles) };
}

/** Reads back what `saveLayout` made; anything unexpected is replaced by the fresh layout's. */
export function parseLayout(value: unknown): FileLayout {
  if (typeof value !== 'object' || value === null) return freshLayout;
  const { arrangement, filter, active, top, toggled } = value as Readonly<Record<string, unknown>>;
  return {
    arrangement: arrangement === 'layers' ? 'layers' : 'tree',
    filter: typeof filter === 'string' ? filter : '',
    active: typeof active === 'string' ? active : '',
    top: typeof top === 'number' && Number.isFinite(top) ? top : 0,
    toggled: new Map(Array.isArray(toggled) ? toggled.filter(isToggle) : []),
  };
}

function isToggle(value: unknown): value is [string, boolean] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'boolean';
}
