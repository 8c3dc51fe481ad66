import type { Problem } from '../../src/core/problem';
import type { FileListing, FileState, LayerHealth } from '../../src/protocol/tensorFile';
import { ModelStore } from '../modelStore';
import type { Viewport } from '../store';
import { groupHealth, type HealthCounts } from './groupHealth';
import { saveLayout, type FileLayout } from './layout';
import { initiallyOpen, visibleRows, type Row } from './rows';
import { buildTree, type TreeNode } from './tree';

/** A listing, as a tree. */
export interface ShownListing {
  readonly version: number;
  readonly tree: readonly TreeNode[];
  readonly open: ReadonlySet<string>;
}

/** Everything the page shows is a function of this. */
export interface FileModel {
  /** null until the host has answered for the first time. */
  readonly state: FileState | null;
  /** null until it has come, which is after the state that announces it. */
  readonly listing: ShownListing | null;
  readonly health: ReadonlyMap<number, LayerHealth>;
  readonly viewport: Viewport;
  readonly layout: FileLayout;
  /** Why the last action was refused. */
  readonly refusal: Problem | null;
}

export function shownListing(listing: FileListing): ShownListing {
  const tree = buildTree(listing);
  return { version: listing.version, tree, open: initiallyOpen(tree) };
}

export function freshFileModel(layout: FileLayout): FileModel {
  return {
    state: null,
    listing: null,
    health: new Map(),
    // Until the tree has been measured: enough rows for a tall window.
    viewport: { top: layout.top, height: 600 },
    layout,
    refusal: null,
  };
}

/** Rows that a page of ordinary height shows. */
const inSight = 20;

/** Holds the model of a tensor file's page, and writes the layout a little after it changed. */
export class FileStore extends ModelStore<FileLayout, FileModel> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private cachedGroups:
    | {
        readonly tree: unknown;
        readonly health: unknown;
        readonly groups: ReadonlyMap<string, HealthCounts>;
      }
    | undefined;
  private cached: { readonly parts: readonly unknown[]; readonly rows: readonly Row[] } | undefined;

  constructor(
    model: FileModel,
    private readonly write: (state: unknown) => void,
  ) {
    super(model);
    window.addEventListener('pagehide', () => this.flush());
  }

  override updateLayout(change: Partial<FileLayout>): void {
    super.updateLayout(change);
    this.timer ??= setTimeout(() => this.flush(), 200);
  }

  /** The rows of the tree, computed anew only when what they are made of is another. */
  rows(): readonly Row[] {
    const { listing, layout, health } = this.model;
    if (!listing) return [];
    const { arrangement, filter, toggled } = layout;
    // Marks alone do not move rows of the tree.
    const parts = [listing, arrangement, filter, toggled, arrangement === 'layers' ? health : null];
    if (!this.cached || parts.some((part, i) => part !== this.cached?.parts[i])) {
      const wanted = { arrangement, filter, toggled, open: listing.open, health };
      this.cached = { parts, rows: visibleRows(listing.tree, wanted) };
    }
    return this.cached.rows;
  }

  /** The health of the layers in each group, computed anew only when one was looked at. */
  groupHealth(): ReadonlyMap<string, HealthCounts> {
    const { listing, health } = this.model;
    if (!listing) return new Map();
    const known = this.cachedGroups;
    if (known?.tree === listing.tree && known.health === health) return known.groups;
    const groups = groupHealth(listing.tree, health);
    this.cachedGroups = { tree: listing.tree, health, groups };
    return groups;
  }

  /** Index of the active row: the one with the focus, or the first layer in sight, or the first row. */
  activeRow(): number {
    const { active } = this.model.layout;
    const rows = this.rows();
    const found = rows.findIndex(({ node }) => node.key === active);
    if (found >= 0) return found;
    return Math.max(
      0,
      rows.slice(0, inSight).findIndex(({ node }) => node.kind === 'layer'),
    );
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.write(saveLayout(this.model.layout));
  }
}
