import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../../../../src/core/formats/registry';
import {
  entryPoint,
  isTensorFileName,
  ownExtensions,
  sharedExtensions,
  sharedNames,
  sharedTensorFileViewType,
  tensorFileViewType,
  viewTypeOf,
} from '../../../../src/host/files/fileNames';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly priority: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string }[]>
    >;
  };
}

const manifest = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../package.json'), 'utf8'),
) as Manifest;

const { customEditors, menus, commands } = manifest.contributes;

function patternsOf(viewType: string): string[] {
  const editor = customEditors.find(found => found.viewType === viewType);
  return (editor?.selector ?? []).map(({ filenamePattern }) => filenamePattern);
}

describe('the names of tensor files', () => {
  it('are those that a reader is registered for: add both here and to package.json', () => {
    const read = formats.flatMap(({ extensions }) => extensions);
    const own = read.filter(extension => !/\..*\./.test(extension)).map(text => text.slice(1));
    expect([...ownExtensions, ...sharedExtensions].sort()).toEqual([...new Set(own)].sort());
    for (const { extensions, isRunFile } of formats) {
      // What is a run file first is inspected as one, and listed where that editor is chosen.
      for (const extension of extensions) {
        expect(isTensorFileName(`x${extension}`)).toBe(isRunFile !== true);
      }
    }
  });

  it('are those of the editors in the manifest: nothing that others claim is taken', () => {
    expect(customEditors.map(({ viewType, priority }) => [viewType, priority])).toEqual([
      [tensorFileViewType, 'default'],
      [sharedTensorFileViewType, 'option'],
    ]);
    expect(patternsOf(tensorFileViewType)).toEqual(ownExtensions.map(text => `*.${text}`));
    const shared = patternsOf(sharedTensorFileViewType);
    expect(shared.slice(0, sharedExtensions.length)).toEqual(
      sharedExtensions.map(text => `*.${text}`),
    );
    const names = shared.slice(sharedExtensions.length).map(text => text.replace('*', 'x'));
    expect(names).toHaveLength(sharedNames.length);
    names.forEach((name, i) => expect(name).toMatch(sharedNames[i] ?? /$^/));
  });

  it.each(['explorer/context', 'editor/title/context'])('are those of the menu %s', menu => {
    const when = menus[menu]?.find(({ command }) => command === 'normscope.inspectFile')?.when;
    const pattern = /=~ \/(.*)\/i/.exec(when ?? '')?.[1] ?? '';
    const matches = new RegExp(pattern, 'i');
    for (const extension of ['json', 'jsonl', ...ownExtensions, ...sharedExtensions]) {
      expect(`MODEL.${extension}`).toMatch(matches);
    }
    expect('notes.txt').not.toMatch(matches);
  });

  it.each([
    ['run.bn.json', false],
    ['log.jsonl', false],
    ['train.py', false],
    ['web/model.json', true],
    ['a\\model.safetensors.index.json', true],
    ['pytorch_model.bin.index.json', true],
    ['MODEL.NPY', true],
    ['checkpoint_100', true],
    ['model.ckpt-1000', true],
  ])('%s is one: %s', (name, expected) => expect(isTensorFileName(name)).toBe(expected));

  it('choose the editor', () => {
    expect(viewTypeOf('/a/x.NPZ')).toBe(tensorFileViewType);
    expect(viewTypeOf('/a/x.h5')).toBe(sharedTensorFileViewType);
    expect(viewTypeOf('/a/log.jsonl')).toBe(sharedTensorFileViewType);
    expect(viewTypeOf('/a/model.json')).toBe(sharedTensorFileViewType);
  });
});

it('every command of a menu is one', () => {
  const known = commands.map(({ command }) => command);
  const used = Object.values(menus).flatMap(items => items.map(({ command }) => command));
  expect(used.filter(command => !known.includes(command))).toEqual([]);
});

describe('the file that describes a folder', () => {
  it.each<[string, string[], string | undefined]>([
    ['a SavedModel', ['fingerprint.pb', 'saved_model.pb'], 'saved_model.pb'],
    ['a tfjs model', ['group1-shard1of1.bin', 'model.json'], 'model.json'],
    [
      'shards',
      ['model-1.safetensors', 'model.safetensors.index.json'],
      'model.safetensors.index.json',
    ],
    [
      'shards of PyTorch',
      ['pytorch_model-00001-of-00002.bin', 'pytorch_model.bin.index.json', 'config.json'],
      'pytorch_model.bin.index.json',
    ],
    [
      'the latest checkpoint',
      ['m-9.index', 'm-10.index', 'm-10.data-00000-of-00001'],
      'm-10.index',
    ],
    ['nothing', ['README.md', 'a.npy'], undefined],
  ])('is found for %s', (_, names, found) => {
    expect(entryPoint(names)).toBe(found);
  });
});
