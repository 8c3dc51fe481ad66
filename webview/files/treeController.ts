import type { Result } from '../../src/core/problem';
import type { FileAction, FileItem } from '../../src/protocol/tensorFile';
import { rowHeight, scrollToRow } from '../channels/window';
import type { FileStore } from './fileStore';
import type { Arrangement, Row } from './rows';
import { treeKey, type TreeKey } from './treeKeys';
import type { TreeNode } from './tree';

/** The names of the columns stay above the rows, over as much of the box, in pixels. */
const headHeight = rowHeight;

export type ActOnFile = (action: FileAction) => Promise<Result<null>>;

/** What a row stands for to the host; groups stand for nothing. */
export function itemOf(node: TreeNode): FileItem | null {
  if (node.kind === 'layer') return { kind: 'layer', name: node.layer.name };
  return node.kind === 'tensor' ? { kind: 'tensor', name: node.tensor.name } : null;
}

/** The nodes from the root down to an item; empty where it is not there. */
export function pathTo(tree: readonly TreeNode[], item: FileItem): readonly TreeNode[] {
  for (const node of tree) {
    const own = itemOf(node);
    if (own?.kind === item.kind && own.name === item.name) return [node];
    const below = pathTo(node.children, item);
    if (below.length > 0) return [node, ...below];
  }
  return [];
}

/** What happens in the tree: scrolling, moving, opening and closing, filtering, inspecting. */
export class TreeController {
  private box: HTMLElement | null = null;
  private wantsFocus = false;
  private selected = '';
  private revealing: FileItem | null = null;
  /** Key of the row to bring into view once it is drawn: what opens above it makes the tree longer first. */
  private wanted: string | null = null;
  private readonly resizes = new ResizeObserver(() => this.measure());

  constructor(
    private readonly store: FileStore,
    private readonly send: ActOnFile,
  ) {}

  attach(element: Element | undefined): void {
    if (element === this.box || !(element instanceof HTMLElement)) return;
    this.resizes.disconnect();
    this.box = element;
    this.resizes.observe(element);
    const { top } = this.store.model.layout;
    queueMicrotask(() => {
      element.scrollTop = top;
      this.measure();
    });
  }

  afterRender(): void {
    if (this.revealing && this.store.model.listing) this.reveal(this.revealing);
    this.bringWanted();
    if (!this.wantsFocus || !this.box) return;
    this.wantsFocus = false;
    this.box.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  async act(action: FileAction): Promise<void> {
    if (this.store.model.refusal) this.store.update({ refusal: null });
    const result = await this.send(action);
    if (result.ok || result.problem.code === 'cancelled') return;
    this.store.update({ refusal: result.problem });
  }

  onScroll(): void {
    if (!this.box) return;
    const { viewport } = this.store.model;
    this.store.update({ viewport: { ...viewport, top: this.box.scrollTop } });
    this.store.updateLayout({ top: this.box.scrollTop });
  }

  onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLButtonElement) return;
    const rows = this.store.rows();
    const page = Math.max(1, Math.floor(this.store.model.viewport.height / rowHeight) - 1);
    const key = treeKey(event.key, this.store.activeRow(), rows, page);
    if (!key) return;
    event.preventDefault();
    this.press(key, rows);
  }

  /** Makes a row the active one. @param focus whether it takes the keyboard too */
  activate(index: number, focus: boolean): void {
    const row = this.store.rows()[index];
    if (!row) return;
    this.store.updateLayout({ active: row.node.key });
    this.wantsFocus ||= focus;
    this.scrollIntoView(index);
    this.tellSelection(row);
  }

  toggle(index: number): void {
    const row = this.store.rows()[index];
    if (row?.expandable === true) this.setOpen([row], !row.expanded);
  }

  /** Double click, Enter or Space: groups open and close, the rest is inspected. */
  open(index: number): void {
    const row = this.store.rows()[index];
    if (!row) return;
    const item = itemOf(row.node);
    if (item) void this.act({ kind: 'inspect', item });
    else this.toggle(index);
  }

  filter(text: string): void {
    const before = this.store.model.layout.filter;
    if (text === before) return;
    // What was closed by hand before would hide what is found, and what was opened in a filter stays behind.
    const fresh = (text === '' || before === '') && { toggled: new Map<string, boolean>() };
    const found = this.activeItem();
    this.store.updateLayout({ filter: text, top: 0, ...fresh });
    if (this.box) this.box.scrollTop = 0;
    // What was found is shown in its place.
    if (text === '' && found && this.store.model.layout.arrangement === 'tree') {
      this.reveal(found, false);
    }
  }

  /** What the user chose, where it is shown. */
  private activeItem(): FileItem | null {
    const row = this.store.rows()[this.store.activeRow()];
    return row?.node.key === this.store.model.layout.active ? itemOf(row.node) : null;
  }

  arrange(arrangement: Arrangement): void {
    this.store.updateLayout({ arrangement, top: 0 });
    if (this.box) this.box.scrollTop = 0;
    if (arrangement === 'layers') void this.act({ kind: 'checkHealth', on: true });
  }

  /** Goes to a row, opening what hides it; waits for the listing where it has not come yet. */
  reveal(item: FileItem, focus = true): void {
    const { listing, layout } = this.store.model;
    this.revealing = item;
    if (!listing) return;
    this.revealing = null;
    const path = pathTo(listing.tree, item);
    const target = path.at(-1);
    if (!target) return;
    const toggled = new Map(layout.toggled);
    for (const node of path.slice(0, -1)) toggled.set(node.key, true);
    this.store.updateLayout({ toggled, arrangement: 'tree', filter: '' });
    const row = this.store.rows().findIndex(({ node }) => node.key === target.key);
    this.activate(row, focus);
    this.wanted = target.key;
  }

  private bringWanted(): void {
    const { wanted } = this;
    if (wanted === null || !this.box) return;
    this.wanted = null;
    this.scrollIntoView(this.store.rows().findIndex(({ node }) => node.key === wanted));
  }

  /** From the filter field to the rows. */
  focusRows(): void {
    this.activate(this.store.activeRow(), true);
  }

  private press(key: TreeKey, rows: readonly Row[]): void {
    const row = rows[key.row];
    if (!row) return;
    switch (key.kind) {
      case 'move':
        this.activate(key.row, true);
        return;
      case 'expand':
      case 'collapse':
        this.setOpen([row], key.kind === 'expand');
        return;
      case 'expandSiblings': {
        const siblings = rows.filter(
          ({ level, parent }) => level === row.level && parent === row.parent,
        );
        this.setOpen(siblings, true);
        return;
      }
      case 'activate':
        this.open(key.row);
    }
  }

  private setOpen(rows: readonly Row[], open: boolean): void {
    const toggled = new Map(this.store.model.layout.toggled);
    for (const { node, expandable } of rows) if (expandable) toggled.set(node.key, open);
    this.store.updateLayout({ toggled });
  }

  private tellSelection({ node }: Row): void {
    if (node.key === this.selected) return;
    this.selected = node.key;
    void this.send({ kind: 'select', item: itemOf(node) });
  }

  private measure(): void {
    if (!this.box) return;
    const height = this.box.clientHeight - headHeight;
    if (height <= 0 || height === this.store.model.viewport.height) return;
    this.store.update({ viewport: { top: this.box.scrollTop, height } });
  }

  private scrollIntoView(row: number): void {
    if (!this.box) return;
    const viewport = { top: this.box.scrollTop, height: this.box.clientHeight - headHeight };
    const top = scrollToRow(viewport, row);
    if (top !== viewport.top) this.box.scrollTop = top;
  }
}
