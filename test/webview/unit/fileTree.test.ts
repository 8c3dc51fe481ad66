import { describe, expect, it } from 'vitest';
import type { LayerHealth } from '../../../src/protocol/tensorFile';
import { initiallyOpen, visibleRows, type Row, type RowsWanted } from '../../../webview/files/rows';
import { buildTree, type TreeNode } from '../../../webview/files/tree';
import { layer, network, tensor, tensorsOf } from './fileListing';

function outline(nodes: readonly TreeNode[], depth = 0): string[] {
  return nodes.flatMap(node => [
    `${'  '.repeat(depth)}${node.kind} ${node.label}`,
    ...outline(node.children, depth + 1),
  ]);
}

function rowsOf(wanted: Partial<RowsWanted> = {}): readonly Row[] {
  const tree = buildTree(network());
  const defaults = {
    arrangement: 'tree',
    filter: '',
    toggled: new Map(),
    health: new Map(),
  } as const;
  return visibleRows(tree, { ...defaults, open: initiallyOpen(tree), ...wanted });
}

const labels = (rows: readonly Row[]): string[] => rows.map(({ node }) => node.label);

describe('the tree', () => {
  it('groups by the parts of names, and gives layers their tensors', () => {
    expect(outline(buildTree(network()))).toEqual([
      'group net',
      '  group 0',
      '    tensor conv.weight',
      '    layer bn',
      '      tensor weight',
      '      tensor bias',
      '      tensor running_mean',
      '      tensor running_var',
      '  group 1',
      '    tensor conv.weight',
      '    layer bn',
      '      tensor weight',
      '      tensor bias',
      '      tensor running_mean',
      '      tensor running_var',
      'tensor head.weight',
    ]);
  });

  it('makes one row of a group and the only thing in it', () => {
    const tree = buildTree({
      version: 1,
      layers: [],
      tensors: [tensor('a/b.c/d'), tensor('a/b.c/e'), tensor('f/g/h')],
    });
    expect(outline(tree)).toEqual(['group a/b.c', '  tensor d', '  tensor e', 'tensor f/g/h']);
  });

  it('names the layer of a file that is one layer', () => {
    const only = { ...layer(''), parameters: { gamma: 'gamma' } };
    const tree = buildTree({ version: 1, layers: [only], tensors: [tensor('gamma')] });
    expect(outline(tree)).toEqual(['layer (the whole file)', '  tensor gamma']);
  });

  it('puts the constants that an exporter numbered in a group of their own, last', () => {
    const numbers = Array.from({ length: 9 }, (_, i) => tensor(`${200 + i}`, []));
    const mixed = [...numbers, tensor('conv.weight')];
    const outlined = outline(buildTree({ version: 1, layers: [], tensors: mixed }));
    expect(outlined.slice(0, 3)).toEqual([
      'tensor conv.weight',
      'group (without a name of their own)',
      '  tensor 200',
    ]);
    const few = { version: 1, layers: [], tensors: mixed.slice(3) };
    expect(outline(buildTree(few))[0]).toBe('tensor 203');
  });

  it('counts as people do where the file is sorted by name, and keeps any other order', () => {
    const labelled = (names: readonly string[]): string[] =>
      buildTree({ version: 1, layers: [], tensors: names.map(name => tensor(name)) }).map(
        ({ label }) => label,
      );
    expect(labelled(['b1', 'b10', 'b2'])).toEqual(['b1', 'b2', 'b10']);
    expect(labelled(['conv', 'bn10', 'bn2'])).toEqual(['conv', 'bn10', 'bn2']);
  });

  it('gives a layer its counter, and says a name that is there twice once', () => {
    const named = layer('model/bn_1/bn_1');
    const counter = tensor(`${named.name}.num_batches_tracked`, []);
    const tensors = [tensor('model/conv/conv'), ...tensorsOf(named), counter];
    expect(outline(buildTree({ version: 1, layers: [named], tensors }))).toEqual([
      'group model',
      '  tensor conv',
      '  layer bn_1',
      '    tensor weight',
      '    tensor bias',
      '    tensor running_mean',
      '    tensor running_var',
      '    tensor num_batches_tracked',
    ]);
  });

  it('keeps a tensor and a group of one name apart', () => {
    const tree = buildTree({ version: 1, layers: [], tensors: [tensor('a'), tensor('a.b')] });
    expect(outline(tree)).toEqual(['tensor a', 'tensor a.b']);
    expect(new Set(tree.map(({ key }) => key)).size).toBe(2);
  });

  it.each(['', '.', '..a', '__proto__', 'constructor.prototype', '/x//y/', 'a\nb', 'ä.ö'])(
    'takes the odd name %j',
    name => {
      const tree = buildTree({ version: 1, layers: [], tensors: [tensor(name)] });
      const found: string[] = [];
      const visit = (node: TreeNode): void => {
        if (node.kind === 'tensor') found.push(node.tensor.name);
        node.children.forEach(visit);
      };
      tree.forEach(visit);
      expect(found).toEqual([name]);
    },
  );

  it('bounds its depth, whatever a name has', () => {
    const tree = buildTree({
      version: 1,
      layers: [],
      tensors: [tensor('a.'.repeat(100_000)), tensor('a.b')],
    });
    const depth = (node: TreeNode): number => 1 + Math.max(0, ...node.children.map(depth));
    expect(Math.max(...tree.map(depth))).toBeLessThanOrEqual(24);
  });

  it('lists fifty thousand tensors and filters them within a moment', () => {
    const tensors = Array.from({ length: 50_000 }, (_, i) => tensor(`model.layers.${i}.weight`));
    const begin = performance.now();
    const tree = buildTree({ version: 1, layers: [], tensors });
    const wanted = {
      arrangement: 'tree',
      toggled: new Map(),
      health: new Map(),
      open: initiallyOpen(tree),
    } as const;
    const built = performance.now();
    const rows = visibleRows(tree, { ...wanted, filter: '4999 weight' });
    const filtered = performance.now();
    console.log(
      `    built in ${(built - begin).toFixed(0)} ms, filtered in ${(filtered - built).toFixed(0)} ms`,
    );
    // 4999, 14999, 24999, 34999, 44999, and 49990 to 49999.
    expect(rows.filter(({ node }) => node.kind === 'tensor')).toHaveLength(15);
  });
});

describe('the rows', () => {
  it('open by themselves while they are few, layers closed', () => {
    expect(labels(rowsOf())).toEqual([
      'net',
      '0',
      'conv.weight',
      'bn',
      '1',
      'conv.weight',
      'bn',
      'head.weight',
    ]);
  });

  it('open what has batch norms, and leave the rest to the user', () => {
    const { tensors, layers } = network();
    const state = tensors.map(({ name }) => tensor(`optimizer.${name}`));
    const many = Array.from({ length: 60 }, (_, i) => tensor(`net.${i + 2}.weight`));
    const tree = buildTree({ version: 1, layers, tensors: [...state, ...tensors, ...many] });
    const open = initiallyOpen(tree);
    expect([...open].map(key => key.split('.')[0])).toEqual(['group net']);
  });

  it('say where each stands', () => {
    const rows = rowsOf();
    expect(rows[3]).toMatchObject({
      level: 3,
      position: 2,
      siblings: 2,
      parent: 1,
      expandable: true,
      expanded: false,
    });
  });

  it('keep what the user opened and closed', () => {
    const toggled = new Map([
      ['group net.0.', false],
      ['layer net.1.bn', true],
    ]);
    expect(labels(rowsOf({ toggled }))).toEqual([
      'net',
      '0',
      '1',
      'conv.weight',
      'bn',
      'weight',
      'bias',
      'running_mean',
      'running_var',
      'head.weight',
    ]);
  });

  it.each([
    ['conv', ['net', '0', 'conv.weight', '1', 'conv.weight']],
    ['float16', ['net', '1', 'conv.weight']],
    ['[10,4]', ['head.weight']],
    ['NET.1 bn', ['net', '1', 'bn']],
    ['running_var net.0', ['net', '0', 'bn', 'running_var']],
    ['nothing', []],
  ])('filtered by %j', (filter, expected) => {
    expect(labels(rowsOf({ filter }))).toEqual(expected);
  });

  it('can be the layers alone, worst first', () => {
    const sick: LayerHealth = { layer: 1, worst: 'error', findings: [] };
    const health = new Map([
      [0, { layer: 0, worst: 'healthy', findings: [] } as const],
      [1, sick],
    ]);
    // All are in `net.`, which is left out.
    expect(labels(rowsOf({ arrangement: 'layers', health }))).toEqual(['1.bn', '0.bn']);
    expect(labels(rowsOf({ arrangement: 'layers' }))).toEqual(['0.bn', '1.bn']);
  });
});
