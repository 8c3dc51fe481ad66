import { html, nothing, type TemplateResult } from 'lit/html.js';
import { parameterLabels } from '../../src/core/batchnorm/statement';
import { parameterNames } from '../../src/core/batchnorm/layer';
import { formatBytes } from '../../src/core/text/byteSize';
import type { FileItem, LayerHealth } from '../../src/protocol/tensorFile';
import { button } from '../ui/controls';
import { healthyIcon, severityIcon } from '../ui/icons';
import { plural } from '../ui/number';
import { sizeOf } from '../../src/core/tensor/shape';
import { shapeText } from './describe';
import type { FileModel } from './fileStore';
import type { HealthCounts } from './groupHealth';
import { healthTally } from './healthMark';
import type { TreeController } from './treeController';
import { layerLabel, type GroupNode, type LayerNode, type TensorNode, type TreeNode } from './tree';

/** What is known of the active row, and what can be done with it. */
export function detailView(
  node: TreeNode | undefined,
  model: FileModel,
  groups: ReadonlyMap<string, HealthCounts>,
  controller: TreeController,
): TemplateResult | typeof nothing {
  if (!node) return nothing;
  return html`<aside class="detail-pane" aria-label="Selected">
    ${
      node.kind === 'layer'
        ? layerDetail(node, model.health.get(node.index), controller)
        : node.kind === 'tensor'
          ? tensorDetail(node, controller)
          : groupDetail(node, groups.get(node.key))
    }
  </aside>`;
}

function layerDetail(
  { layer }: LayerNode,
  health: LayerHealth | undefined,
  controller: TreeController,
): TemplateResult {
  const item: FileItem = { kind: 'layer', name: layer.name };
  const { incomplete } = layer;
  const size = incomplete ? 'incomplete' : plural(layer.channels, 'channel');
  const facts = [size, layer.convention, ...layer.stated];
  const missing = parameterNames.filter(name => layer.parameters[name] === undefined);
  return html`<h2 class="item-name">${layerLabel(layer.name)}</h2>
    <p class="dim">Batch norm · ${facts.filter(fact => fact !== '').join(' · ')}</p>
    <div class="detail-buttons">
      ${incomplete ? nothing : inspectButtons(item, controller)}
      ${copyButton(item, 'name', controller)}
    </div>
    ${healthView(health)}
    <dl class="facts">
      ${parameterNames.flatMap(name => {
        const tensor = layer.parameters[name];
        return tensor === undefined
          ? []
          : [
              html`<div>
                <dt>${parameterLabels[name]}</dt>
                <dd>${tensor}</dd>
              </div>`,
            ];
      })}
    </dl>
    ${
      missing.length === 0
        ? nothing
        : html`<p class="dim small">
            Not in the file: ${missing.map(name => parameterLabels[name]).join(', ')}.
          </p>`
    }
    ${layer.notes.map(note => html`<p class="small">${note}</p>`)}`;
}

function inspectButtons(item: FileItem, controller: TreeController): TemplateResult {
  return html`${button({
    text: 'Inspect layer',
    appearance: 'primary',
    title: 'Over an input generated from its moving statistics',
    press: () => void controller.act({ kind: 'inspect', item }),
  })}
  ${button({
    text: 'With an input…',
    title: 'Choose a tensor of an open source, or a generated one',
    press: () => void controller.act({ kind: 'chooseInput', item }),
  })}`;
}

function healthView(health: LayerHealth | undefined): TemplateResult {
  if (!health) return html`<p class="dim small">Its parameters have not been looked at yet.</p>`;
  if (health.findings.length === 0) {
    return html`<p class="health-line">${healthyIcon} Nothing wrong in its own parameters.</p>`;
  }
  return html`<ul class="health-list" aria-label="Health">
    ${health.findings.map(
      ({ severity, message, fix }) =>
        html`<li>
          ${severityIcon(severity)}
          <div>
            <p>${message}</p>
            ${fix === '' ? nothing : html`<p class="dim small">${fix}</p>`}
          </div>
        </li>`,
    )}
  </ul>`;
}

function tensorDetail({ tensor, role }: TensorNode, controller: TreeController): TemplateResult {
  const item: FileItem = { kind: 'tensor', name: tensor.name };
  const { unreadable } = tensor;
  const part = role ? html`${parameterLabels[role]} of a batch norm · ` : nothing;
  return html`<h2 class="item-name">${tensor.name === '' ? '(unnamed)' : tensor.name}</h2>
    <p class="dim">
      ${part}${tensor.dtype} ·
      ${plural(sizeOf(tensor.shape), 'element')}${
        unreadable !== undefined && tensor.bytes === 0 ? nothing : ` · ${formatBytes(tensor.bytes)}`
      }
    </p>
    <p class="item-shape">${shapeText(tensor.shape)}</p>
    ${
      unreadable === undefined
        ? nothing
        : html`<p class="unreadable">
            ${severityIcon('warning')} <span>Cannot be read: ${unreadable}</span>
          </p>`
    }
    <div class="detail-buttons">
      ${
        unreadable === undefined
          ? button({
              text: 'Inspect tensor',
              appearance: 'primary',
              title: 'As the input of a batch norm',
              press: () => void controller.act({ kind: 'inspect', item }),
            })
          : nothing
      }
      ${copyButton(item, 'name', controller)} ${copyButton(item, 'shape', controller)}
    </div>`;
}

function groupDetail(node: GroupNode, counts: HealthCounts | undefined): TemplateResult {
  return html`<h2 class="item-name">${node.label}</h2>
    <p class="dim">
      ${plural(node.tensors, 'tensor')}${
        node.layers === 0 ? nothing : ` · ${plural(node.layers, 'batch norm')}`
      }
      · ${formatBytes(node.bytes)}
    </p>
    ${counts ? healthTally(counts) : nothing}`;
}

function copyButton(
  item: FileItem,
  what: 'name' | 'shape',
  controller: TreeController,
): TemplateResult {
  return button({
    text: `Copy ${what}`,
    press: () => void controller.act({ kind: 'copy', item, what }),
  });
}
