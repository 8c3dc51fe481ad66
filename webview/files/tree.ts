import type { ParameterName } from '../../src/core/batchnorm/layer';
import type { FileListing, ListedLayer, ListedTensor } from '../../src/protocol/tensorFile';
import { formatShape } from '../../src/core/tensor/shape';

interface NodeBase {
  /** Unique in the tree, and the same for the same thing after the file has changed. */
  readonly key: string;
  readonly label: string;
  /** Lower case: what the filter searches. */
  readonly searched: string;
  readonly children: readonly TreeNode[];
  /** Of all tensors below. */
  readonly bytes: number;
}

export interface GroupNode extends NodeBase {
  readonly kind: 'group';
  readonly tensors: number;
  readonly layers: number;
}

export interface LayerNode extends NodeBase {
  readonly kind: 'layer';
  /** Index into the listing's layers. */
  readonly index: number;
  readonly layer: ListedLayer;
}

export interface TensorNode extends NodeBase {
  readonly kind: 'tensor';
  readonly tensor: ListedTensor;
  /** What it is to the layer above it. */
  readonly role: ParameterName | null;
}

export type TreeNode = GroupNode | LayerNode | TensorNode;

/** Levels of groups at most; what a name has beyond them is one label. */
const deepest = 24;

/** A name's parts with what ends them: `a.b/c` has the parts `a.`, `b/` and `c`. */
export function partsOf(name: string): string[] {
  const parts = name.match(/[^./]*[./]+|[^./]+$/g) ?? [name];
  // A leading separator, or several in a row, belongs to what stands before or after it.
  const whole = parts.join('') === name ? parts : [name];
  if (whole.length <= deepest) return whole;
  return [...whole.slice(0, deepest - 1), whole.slice(deepest - 1).join('')];
}

interface Draft {
  readonly path: string;
  readonly label: string;
  readonly groups: Map<string, Draft>;
  /** In file order. */
  readonly members: (Draft | LayerNode | TensorNode)[];
}

function draft(path: string, label: string): Draft {
  return { path, label, groups: new Map(), members: [] };
}

/** Groups a listing by the parts of its names, layers at the place of their name. Layers own their tensors. */
export function buildTree(listing: FileListing): readonly TreeNode[] {
  const byName = new Map(listing.tensors.map(tensor => [tensor.name, tensor]));
  const layers = listing.layers.map((layer, index) => layerNode(layer, index, byName));
  const ownerOf = new Map<string, LayerNode>();
  for (const node of layers) {
    for (const child of node.children) {
      if (child.kind === 'tensor' && !ownerOf.has(child.tensor.name)) {
        ownerOf.set(child.tensor.name, node);
      }
    }
  }
  const root = draft('', '');
  const placed = new Set<LayerNode>();
  const placeLayer = (node: LayerNode): void => {
    const { name } = node.layer;
    if (!placed.has(node)) place(root, name, label => ({ ...node, label: layerLabel(label) }));
    placed.add(node);
  };
  const numbered = new Set(numberedNames(listing.tensors).filter(name => !ownerOf.has(name)));
  const constants = draft(numberedLabel, numberedLabel);
  for (const tensor of listing.tensors) {
    const owner = ownerOf.get(tensor.name);
    const make = (label: string): TensorNode => tensorNode(tensor, label, null, '');
    if (owner) placeLayer(owner);
    else if (numbered.has(tensor.name)) constants.members.push(make(tensor.name));
    else place(root, tensor.name, make);
  }
  for (const node of layers) placeLayer(node);
  if (constants.members.length > 0) root.members.push(constants);
  return finished(root);
}

const numberedLabel = '(without a name of their own)';

/** So few numbers for names may well be an order. */
const fewNumbered = 8;

/**
 * Names that are mere numbers, where they are many beside others: exporters number the constants of a graph, and
 * put them before everything else.
 */
function numberedNames(tensors: readonly ListedTensor[]): readonly string[] {
  const names = tensors.map(({ name }) => name).filter(name => /^\d+$/.test(name));
  return names.length > fewNumbered && names.length < tensors.length ? names : [];
}

function place(root: Draft, name: string, make: (label: string) => LayerNode | TensorNode): void {
  const parts = partsOf(name);
  let at = root;
  for (const part of parts.slice(0, -1)) {
    let next = at.groups.get(part);
    if (!next) {
      next = draft(at.path + part, part);
      at.groups.set(part, next);
      at.members.push(next);
    }
    at = next;
  }
  at.members.push(make(parts.at(-1) ?? name));
}

/** Groups with one member become one row with it, as VS Code's compact folders do. */
function finished(from: Draft): readonly TreeNode[] {
  return inNaturalOrder(from.members).map(member => {
    if (!('groups' in member)) return member;
    let group = member;
    let { label } = group;
    for (;;) {
      const [only] = group.members;
      if (group.members.length !== 1 || only === undefined) break;
      if (!('groups' in only)) return { ...only, label: withoutEcho(label + only.label) };
      group = only;
      label += only.label;
    }
    return groupNode(group, label);
  });
}

const collator = new Intl.Collator('en', { numeric: true });

/** More members are left as they are: comparing them would be felt. */
const mostSorted = 5_000;

/** A writer that sorts its names puts 10 before 2; any other order is the file's own, and stays. */
function inNaturalOrder<T extends { readonly label: string }>(members: readonly T[]): readonly T[] {
  const sorted = members.every(
    (member, i) => i === 0 || (members[i - 1] as T).label <= member.label,
  );
  if (!sorted || members.length > mostSorted) return members;
  return [...members].sort((a, b) => collator.compare(a.label, b.label));
}

/** Keras names a layer twice: `bn_1/bn_1` is called `bn_1`. */
export function withoutEcho(label: string): string {
  return label.replace(/(^|[./])([^./]+)[./]\2$/, '$1$2');
}

function groupNode(from: Draft, label: string): GroupNode {
  const children = finished(from);
  const sum = (of: (node: TreeNode) => number): number =>
    children.reduce((total, child) => total + of(child), 0);
  return {
    kind: 'group',
    key: `group ${from.path}`,
    label: withoutEcho(label.replace(/[./]+$/, '')),
    searched: '',
    children,
    bytes: sum(child => child.bytes),
    tensors: sum(child => tensorsIn(child)),
    layers: sum(child => layersIn(child)),
  };
}

function tensorsIn(node: TreeNode): number {
  if (node.kind === 'group') return node.tensors;
  return node.kind === 'tensor' ? 1 : node.children.length;
}

function layersIn(node: TreeNode): number {
  if (node.kind === 'group') return node.layers;
  return node.kind === 'layer' ? 1 : 0;
}

/** A file that is one layer gives it no name. */
export function layerLabel(name: string): string {
  return name === '' ? '(the whole file)' : name;
}

function layerNode(
  layer: ListedLayer,
  index: number,
  byName: ReadonlyMap<string, ListedTensor>,
): LayerNode {
  const key = `layer ${layer.name}`;
  const parameters = Object.entries(layer.parameters) as [ParameterName, string][];
  const counter = `${layer.name === '' ? '' : `${layer.name}.`}num_batches_tracked`;
  const children = [...parameters, [null, counter] as const].flatMap(([role, name]) => {
    const tensor = byName.get(name);
    return tensor ? [tensorNode(tensor, partsOf(name).at(-1) ?? name, role, `${key} `)] : [];
  });
  return {
    kind: 'layer',
    key,
    label: layerLabel(layer.name),
    searched: `${layer.name} ${layer.convention} batch norm`.toLowerCase(),
    children,
    bytes: children.reduce((sum, child) => sum + child.bytes, 0),
    index,
    layer,
  };
}

function tensorNode(
  tensor: ListedTensor,
  label: string,
  role: ParameterName | null,
  within: string,
): TensorNode {
  return {
    kind: 'tensor',
    key: `${within}tensor ${tensor.name}`,
    label: label === '' ? '(unnamed)' : label,
    searched: `${tensor.name} ${tensor.dtype} ${formatShape(tensor.shape)}`.toLowerCase(),
    children: [],
    bytes: tensor.bytes,
    tensor,
    role,
  };
}
