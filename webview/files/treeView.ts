import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { parameterLabels } from '../../src/core/batchnorm/statement';
import { formatBytes } from '../../src/core/text/byteSize';
import { rowHeight, rowsInView } from '../channels/window';
import { cssProperties } from '../ui/cssProperties';
import { plural } from '../ui/number';
import { shapeText } from './describe';
import type { FileModel, FileStore } from './fileStore';
import type { HealthCounts } from './groupHealth';
import { groupMark, healthMark } from './healthMark';
import type { Row } from './rows';
import type { TreeController } from './treeController';
import type { TreeNode } from './tree';

export interface TreeProps {
  readonly store: FileStore;
  readonly controller: TreeController;
}

/** The tree: only the rows in view are in the page, and one of them takes the keyboard. */
export function treeView(model: FileModel, { store, controller }: TreeProps): TemplateResult {
  const rows = store.rows();
  const groups = store.groupHealth();
  const active = store.activeRow();
  const { first, end } = rowsInView(model.viewport, rows.length);
  const shown = rows.slice(first, end).map((row, i) => ({ row, index: first + i }));
  const activeRow = rows[active];
  // The active row stays in the page when it scrolls away, so that the keyboard is not lost with it.
  if (activeRow && (active < first || active >= end)) shown.push({ row: activeRow, index: active });
  return html`<div
    class="tree"
    role="treegrid"
    aria-label="Tensors and layers"
    aria-rowcount=${rows.length + 1}
    aria-colcount="4"
    ${ref(element => controller.attach(element))}
    @scroll=${() => controller.onScroll()}
    @keydown=${(event: KeyboardEvent) => controller.onKey(event)}
  >
    ${headView}
    <div
      class="tree-body"
      role="rowgroup"
      ${cssProperties({ height: `${rows.length * rowHeight}px` })}
    >
      ${repeat(
        shown,
        ({ row }) => row.node.key,
        ({ row, index }) =>
          rowView(row, index, index === active, markOf(row.node, model, groups), controller),
      )}
    </div>
  </div>`;
}

const headView = html`<div class="tree-head" role="rowgroup">
  <div class="tree-columns" role="row" aria-rowindex="1">
    <div class="name" role="columnheader">name</div>
    <div class="dims" role="columnheader">shape</div>
    <div class="dtype" role="columnheader">type</div>
    <div class="size" role="columnheader">size</div>
  </div>
</div>`;

function rowView(
  row: Row,
  index: number,
  active: boolean,
  mark: TemplateResult | typeof nothing,
  controller: TreeController,
): TemplateResult {
  const { node } = row;
  return html`<div
    class="tree-row tree-columns ${node.kind} ${active ? 'active' : ''}"
    role="row"
    aria-level=${row.level}
    aria-posinset=${row.position}
    aria-setsize=${row.siblings}
    aria-rowindex=${index + 2}
    aria-expanded=${row.expandable ? String(row.expanded) : nothing}
    aria-selected=${String(active)}
    tabindex=${active ? 0 : -1}
    ${cssProperties({ transform: `translateY(${index * rowHeight}px)` })}
    data-vscode-context=${menuContext(node)}
    @focus=${() => {
      if (!active) controller.activate(index, false);
    }}
    @click=${() => controller.activate(index, true)}
    @contextmenu=${() => controller.activate(index, true)}
    @dblclick=${() => controller.open(index)}
  >
    <div
      class="name"
      role="gridcell"
      ${cssProperties({ 'padding-inline-start': `${(row.level - 1) * 14}px` })}
    >
      <span
        class="twistie ${row.expandable ? (row.expanded ? 'open' : 'closed') : ''}"
        aria-hidden="true"
        @click=${(event: Event) => {
          event.stopPropagation();
          controller.activate(index, true);
          controller.toggle(index);
        }}
        @dblclick=${(event: Event) => event.stopPropagation()}
      ></span>
      ${node.kind === 'group' ? nothing : mark}
      <span class="label" title=${fullName(node)}><bdi dir="ltr">${node.label}</bdi></span>
      ${node.kind === 'group' ? mark : nothing}
      ${node.kind === 'tensor' && node.role ? html`<span class="role">${parameterLabels[node.role]}</span>` : nothing}
    </div>
    <div class="dims" role="gridcell" title=${shapeCell(node)}>${shapeCell(node)}</div>
    <div class="dtype" role="gridcell" title=${typeCell(node)}>${typeCell(node)}</div>
    <div class="size" role="gridcell">${sizeCell(node)}</div>
  </div>`;
}

/** For VS Code's own context menu (`webview/context`). */
function menuContext(node: TreeNode): string {
  const item =
    node.kind === 'layer' ? node.layer.name : node.kind === 'tensor' ? node.tensor.name : null;
  const section = item === null ? 'group' : node.kind;
  return JSON.stringify({ webviewSection: section, item, preventDefaultContextMenuItems: true });
}

/** The health of a layer, the alarm of a group, or that a tensor cannot be read. */
function markOf(
  node: TreeNode,
  model: FileModel,
  groups: ReadonlyMap<string, HealthCounts>,
): TemplateResult | typeof nothing {
  if (node.kind === 'layer') return healthMark(model.health.get(node.index));
  if (node.kind === 'group') return groupMark(node, groups.get(node.key));
  if (node.tensor.unreadable !== undefined) {
    return html`<span class="kind locked" title="cannot be read: ${node.tensor.unreadable}"
      ><span aria-hidden="true">⊘</span><span class="visually-hidden">cannot be read</span></span
    >`;
  }
  return nothing;
}

function fullName(node: TreeNode): string {
  if (node.kind === 'layer') return node.layer.name;
  return node.kind === 'tensor' ? node.tensor.name : node.label;
}

function shapeCell(node: TreeNode): string {
  switch (node.kind) {
    case 'group':
      return node.layers > 0
        ? `${plural(node.tensors, 'tensor')}, ${plural(node.layers, 'batch norm')}`
        : plural(node.tensors, 'tensor');
    case 'layer':
      return node.layer.incomplete ? 'incomplete' : plural(node.layer.channels, 'channel');
    case 'tensor':
      return shapeText(node.tensor.shape);
  }
}

/** Empty where a reader cannot tell: records and objects. */
function sizeCell(node: TreeNode): string {
  const unknown =
    node.kind === 'tensor' && node.tensor.unreadable !== undefined && node.bytes === 0;
  return unknown ? '' : formatBytes(node.bytes);
}

function typeCell(node: TreeNode): string {
  if (node.kind === 'layer') return 'batch norm';
  return node.kind === 'tensor' ? node.tensor.dtype : '';
}
