import { expect, it } from 'vitest';
import { offeredInputs } from '../../../../src/host/files/describeInputs';
import { isTensorFileName } from '../../../../src/host/files/fileNames';
import { parseFileAction } from '../../../../src/host/files/parseFileAction';
import {
  parseSource,
  sameSource,
  shortName,
  sourceTitle,
  urisOf,
  type InspectionSource,
} from '../../../../src/host/inspection/source';
import type { FileAction } from '../../../../src/protocol/tensorFile';

const uri = 'file:///m/model.pt';

it('offers the likelier first, each input once, and no parameters', () => {
  const tensors = [
    { name: 'act', shape: [8, 4], dtype: 'float32', bytes: 128 },
    { name: 'bn.weight', shape: [4], dtype: 'float32', bytes: 16 },
    { name: 'other', shape: [8, 5], dtype: 'float32', bytes: 160 },
    { name: 'odd', shape: [4, 4], dtype: 'int4', bytes: 8, unreadable: 'int4' },
  ];
  const act2 = { shape: [16, 4], dtype: 'float32', bytes: 256 };
  const act: InspectionSource = { kind: 'tensor', uri, name: 'act' };
  const offers = offeredInputs(
    { uri, channels: 4 },
    [
      { source: { kind: 'resource', uri: 'file:///m/a.bn.json' }, shape: [3, 7] },
      {
        source: { kind: 'layer', uri, name: 'bn', input: { kind: 'source', source: act } },
        shape: [8, 4],
      },
      {
        source: { kind: 'layer', uri, name: 'bn', input: { kind: 'generated', seed: 1 } },
        shape: [8, 4, 8, 8],
      },
    ],
    [
      { uri, name: 'model.pt', tensors: [...tensors, { ...act2, name: 'conv' }] },
      { uri: 'file:///m/acts.npy', name: 'acts.npy', tensors: [{ ...act2, name: '' }] },
    ],
  );
  expect(offers.map(({ label, group, fits }) => [label, group, fits])).toEqual([
    ['act · model.pt', 'Open inspections', true],
    ['acts.npy', 'Open tensor files', true],
    ['conv', 'Other tensors of the same file', true],
    ['a.bn.json', 'Open inspections that do not fit', false],
  ]);
});

it.each([
  ['a.npy', true],
  ['A.SAFETENSORS', true],
  ['x.weights.h5', true],
  ['model.json', true],
  ['model.safetensors.index.json', true],
  ['seed.bn.json', false],
  ['mymodel.json', false],
  ['a.txt', false],
  ['noextension', true],
])('%s is a tensor file: %s', (name, expected) => {
  expect(isTensorFileName(`/folder.npy/${name}`)).toBe(expected);
});

const item = { kind: 'layer', name: 'bn' } as const;
const good: readonly FileAction[] = [
  { kind: 'inspect', item },
  { kind: 'chooseInput', item },
  { kind: 'copy', item, what: 'shape' },
  { kind: 'select', item: null },
  { kind: 'select', item },
  { kind: 'revealFile' },
  { kind: 'checkHealth', on: false },
  { kind: 'reload' },
  { kind: 'openAsText' },
];

it.each(good)('the page may ask for $kind', action => {
  expect(parseFileAction(JSON.parse(JSON.stringify(action)))).toEqual({ ok: true, value: action });
});

it.each([
  null,
  'inspect',
  {},
  { kind: 'toString' },
  { kind: 'inspect' },
  { kind: 'inspect', item: { kind: 'file', name: 'x' } },
  { kind: 'copy', item, what: 'all' },
  { kind: 'checkHealth' },
  { kind: 'select' },
])('it may not ask for %j', value => {
  expect(parseFileAction(value)).toMatchObject({ ok: false, problem: { code: 'bad-message' } });
});

const sources: readonly InspectionSource[] = [
  { kind: 'tensor', uri, name: '' },
  { kind: 'layer', uri, name: 'bn', input: { kind: 'generated', seed: 3 } },
  {
    kind: 'layer',
    uri,
    name: 'bn',
    input: {
      kind: 'source',
      source: { kind: 'literal', uri: 'file:///a.py', range: { start: 1, end: 5 }, name: '' },
    },
  },
];

it.each(sources)('a source survives a reload: %j', source => {
  expect(parseSource(JSON.parse(JSON.stringify(source)))).toEqual(source);
});

it.each([
  { kind: 'tensor', uri },
  { kind: 'layer', uri, name: 'bn' },
  { kind: 'layer', uri, name: 'bn', input: { kind: 'generated', seed: -1 } },
  {
    kind: 'layer',
    uri,
    name: 'bn',
    input: {
      kind: 'source',
      source: { kind: 'layer', uri, name: 'bn', input: { kind: 'generated', seed: 1 } },
    },
  },
])('%j is no source', value => expect(parseSource(value)).toBeUndefined());

it('follows both files of a layer and its input, one panel a layer', () => {
  const [, layer, paired] = sources;
  if (!layer || !paired) throw new Error('no sources');
  expect(urisOf(paired)).toEqual([uri, 'file:///a.py']);
  expect(sameSource(layer, paired)).toBe(true);
  expect(sourceTitle(layer)).toBe('bn · model.pt');
});

it.each([
  ['layer1.0.bn1', 'layer1.0.bn1'],
  ['model_weights/batch_normalization_15/batch_normalization_15', '…batch_normalization_15'],
  ['backbone.body.layer4.2.downsample.1', '…body.layer4.2.downsample.1'],
  ['/StatefulPartitionedCall/x', '/StatefulPartitionedCall/x'],
  ['a_name_that_is_one_part_and_too_long', 'a_name_that_is_one_part_and_too_long'],
  ['', ''],
])('the tab of %s says %s', (name, expected) => {
  expect(shortName(name)).toBe(expected);
});

it('offers what stands beside a paused layer first, though it is open as well', () => {
  const x = { kind: 'variable', uri: 'file:///m/net.py', name: 'x', frame: 'forward' } as const;
  const offers = offeredInputs(
    { uri: x.uri, channels: 4, nearby: [{ shape: [8, 4], source: x }] },
    [
      { source: { kind: 'resource', uri: 'file:///m/a.bn.json' }, shape: [3, 4] },
      { source: x, shape: [8, 4] },
    ],
    [],
  );
  expect(offers.map(({ label, group }) => [label, group])).toEqual([
    ['x', 'Where the program is paused'],
    ['a.bn.json', 'Open inspections'],
  ]);
});
