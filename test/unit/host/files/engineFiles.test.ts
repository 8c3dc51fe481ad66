import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../../../src/core/problem';
import {
  engineFiles,
  listedLayer,
  type WatchReading,
} from '../../../../src/host/files/engineFiles';
import type { FilePlaces } from '../../../../src/host/files/filePlaces';
import type { TensorFiles } from '../../../../src/host/files/fileEngine';
import { InProcessEngine } from '../inspection/inProcessEngine';

const fixtures = resolve(import.meta.dirname, '../../../fixtures/formats');
const never = new AbortController().signal;

describe('tensor files through the engine', () => {
  let folder: string;
  let engine: InProcessEngine;
  let files: TensorFiles;
  let watched: string[];

  const places: FilePlaces = {
    locate: uri =>
      Promise.resolve(
        uri.startsWith('file://')
          ? ok({ kind: 'file', path: uri.slice('file://'.length) })
          : fail('file-missing', 'it is not there.'),
      ),
    stamp: () => Promise.resolve({ size: 1, changed: 2 }),
    beside: (uri, path) => uri.slice(0, uri.lastIndexOf('/') + 1) + path,
  };
  const watch: WatchReading = (title, signal, read) => {
    watched.push(title);
    return read(signal, {});
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'normscope-'));
    engine = new InProcessEngine();
    watched = [];
    files = engineFiles(() => engine.client, places, watch);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const copied = (name: string, as: string): string => {
    copyFileSync(join(fixtures, name), join(folder, as));
    return `file://${join(folder, as)}`;
  };

  it('lists tensors and layers, and what a layer states in words', async () => {
    const uri = copied('onnx/bn.onnx', 'bn.onnx');
    const listed = await files.list(uri, never);
    if (!listed.ok) throw new Error(listed.problem.message);
    const { format, tensors, layers } = listed.value;
    expect(format).toBe('ONNX model');
    expect(tensors.length).toBeGreaterThanOrEqual(4);
    expect(layers[0]?.convention).toBe('ONNX');
    expect(layers[0]?.stated.join(' ')).toMatch(/epsilon/);
    expect(watched).toEqual(['Listing bn.onnx']);
  });

  it('reads a tensor into the engine, and a layer, in the background without a word', async () => {
    const uri = copied('npz/bn_stored.npz', 'bn.npz');
    const listed = await files.list(uri, never);
    if (!listed.ok) throw new Error(listed.problem.message);
    const [tensor] = listed.value.tensors;
    const read = await files.tensor(uri, tensor?.name ?? '', never);
    if (!read.ok) throw new Error(read.problem.message);
    expect(read.value.handle.shape).toEqual(tensor?.shape);
    await engine.client.close(read.value.handle.id);
    const [layer] = listed.value.layers;
    const stated = await files.layer(uri, layer?.name ?? '', never, true);
    if (!stated.ok) throw new Error(stated.problem.message);
    expect(stated.value.channels).toBe(stated.value.statement.parameters.movingMean?.length);
    expect(watched).toEqual(['Listing bn.npz', `Reading ${tensor?.name} of bn.npz`]);
    expect(await files.layer(uri, layer?.name ?? '', never)).toEqual(stated);
    expect(watched.slice(2)).toEqual(['Reading bn.npz']);
  });

  it('names the shards that a file is read with, and takes them as part of it', async () => {
    copied('safetensors/model.safetensors', 'a.safetensors');
    const path = join(folder, 'x.safetensors.index.json');
    const map = { 'bn1.running_mean': 'a.safetensors', later: 'b.safetensors' };
    writeFileSync(path, JSON.stringify({ weight_map: map }));
    const listed = await files.list(`file://${path}`, never);
    if (!listed.ok) throw new Error(listed.problem.message);
    const { beside } = listed.value;
    expect(beside).toEqual(['a', 'b'].map(name => `file://${join(folder, name)}.safetensors`));
    const read = await files.tensor(`file://${path}`, 'bn1.running_mean', never);
    if (!read.ok) throw new Error(read.problem.message);
    expect(read.value.beside).toEqual(beside);
    await engine.client.close(read.value.handle.id);
    expect(await files.stamp(`file://${path}`, beside)).toEqual({ size: 3, changed: 2 });
  });

  it('says what is wrong, with the name of the file', async () => {
    const path = join(folder, 'cut.npy');
    writeFileSync(path, '\x93NUMPY');
    const listed = await files.list(`file://${path}`, never);
    expect(listed.ok ? '' : listed.problem.message).toContain('cut.npy');
    const gone = await files.list('memfs:/x.npy', never);
    expect(gone).toMatchObject({ ok: false, problem: { code: 'file-missing' } });
  });

  it('stops when it is told to', async () => {
    const uri = copied('npz/bn_stored.npz', 'bn.npz');
    const controller = new AbortController();
    const listing = files.list(uri, controller.signal);
    controller.abort();
    expect(await listing).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });
});

it('puts what a layer states into words', () => {
  const layer = { name: 'a', channels: 2, parameters: {}, notes: ['Note.'] };
  expect(
    listedLayer({
      ...layer,
      convention: 'pytorch',
      epsilon: 1e-5,
      momentum: null,
      channelAxis: 1,
      training: false,
      trainable: true,
    }),
  ).toEqual({
    ...layer,
    convention: 'PyTorch',
    stated: ['epsilon 0.00001', 'cumulative average', 'axis 1', 'training off', 'trainable on'],
  });
  expect(listedLayer(layer)).toMatchObject({ convention: '', stated: [] });
});
