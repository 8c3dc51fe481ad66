import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { ok } from '../../../../src/core/problem';
import { readerOfFiles } from '../../../../src/host/files/fileSources';
import { beingWritten } from '../../../../src/host/files/writeWatch';
import type { CallReader } from '../../../../src/host/code/callReader';
import type { FileLayer } from '../../../../src/host/files/fileEngine';
import { InspectionSession } from '../../../../src/host/inspection/session';
import type { SourceReader } from '../../../../src/host/inspection/sessionServices';
import type { InspectionSource, LayerInput } from '../../../../src/host/inspection/source';
import type { InspectionView } from '../../../../src/protocol/panel';
import { InProcessEngine } from '../inspection/inProcessEngine';
import { MemoryFiles } from './memoryFiles';

const noProgram = (): Promise<never> => Promise.reject(new Error('no program is debugged here'));
const variables = { tensor: noProgram, layer: noProgram };
const uri = 'file:///models/model.pt';
const generated: LayerInput = { kind: 'generated', seed: 1 };
const layerOver = (input: LayerInput): InspectionSource => ({
  kind: 'layer',
  uri,
  name: 'bn',
  input,
});
const runFile = '{"input": [[1, 2], [3, 4], [5, 9]]}';

describe('an inspection of a file', () => {
  let engine: InProcessEngine;
  let files: MemoryFiles;
  const open: InspectionSession[] = [];
  /** What the call that is read makes. */
  let made: FileLayer | undefined;
  const calls: CallReader = {
    layer: () => (made ? Promise.resolve(ok(made)) : noProgram()),
  };
  /** Tensors of an engine that a test has lost: here it shares the process, so they stay. */
  let abandoned: number;

  beforeEach(() => {
    abandoned = 0;
    engine = new InProcessEngine();
    files = new MemoryFiles(() => engine.client);
    files.layers.set('bn', { movingMean: [3, -1], movingVariance: [4, 1], convention: 'pytorch' });
    files.tensors.set('x', { shape: [2, 2, 3], data: new Float32Array(12).map((_, i) => i) });
    files.tensors.set('wide', { shape: [2, 5], data: new Float32Array(10) });
  });
  afterEach(async () => {
    for (const session of open.splice(0)) session.dispose();
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(await engine.tensors()).toBe(abandoned);
  });

  async function inspect(source: InspectionSource): Promise<InspectionSession> {
    const other: SourceReader = {
      read: () =>
        Promise.resolve(
          ok({
            body: ok({ kind: 'runFile', source: { kind: 'text', text: runFile } } as const),
            locate: undefined,
          }),
        ),
      describe: ({ uri: address }) => address.slice(address.lastIndexOf('/') + 1),
    };
    const reader = readerOfFiles({
      files,
      variables,
      calls,
      reader: other,
      fallback: () => pytorch,
    });
    const services = { engine: () => engine.client, reader, fallback: () => pytorch };
    const session = new InspectionSession(services, source);
    open.push(session);
    await session.refresh();
    await session.settled();
    return session;
  }

  function viewOf({ state }: InspectionSession): InspectionView {
    if (state.kind !== 'ready') throw new Error(JSON.stringify(state));
    return state.view;
  }

  describe('of a call in code', () => {
    const parameters = { movingMean: Float64Array.of(5), movingVariance: Float64Array.of(4) };
    const layer = { channels: 3, notes: ['Assumed.'], beside: [], statement: { parameters } };
    const call = {
      kind: 'call',
      uri: 'file:///a.py',
      range: { start: 0, end: 5 },
      name: 'bn',
    } as const;

    it('is run over what the call is given', async () => {
      const data = Float32Array.of(1, 2, 3, 4, 5, 6);
      const tensor = { shape: [2, 3], dtype: 'float32', data } as const;
      made = { ...layer, own: { kind: 'tensor', tensor, name: 'x' } };
      const { identity, channels } = viewOf(
        await inspect({ ...call, input: { kind: 'own', seed: 1 } }),
      );
      expect(identity).toMatchObject({ title: 'bn · a.py', shape: [2, 3], channelAxis: 1 });
      expect(identity.notes).toContain('Assumed.');
      expect([...channels.rows.batchMean]).toEqual([2.5, 3.5, 4.5]);
      expect([...channels.rows.movingMeanBefore]).toEqual([5, 5, 5]);
    });

    it('is run over numbers of the shape that the code states, where they are all that it does', async () => {
      made = { ...layer, own: { kind: 'shape', shape: [64, 3], note: 'A placeholder.' } };
      const { identity, channels } = viewOf(
        await inspect({ ...call, input: { kind: 'own', seed: 1 } }),
      );
      expect(identity.shape).toEqual([64, 3]);
      expect(identity.notes[0]).toBe('A placeholder.');
      // One moving mean stands for all channels.
      for (const mean of channels.rows.batchMean) expect(Math.abs(mean - 5)).toBeLessThan(1.5);
    });
  });

  it('takes a tensor as an input', async () => {
    const { identity } = viewOf(await inspect({ kind: 'tensor', uri, name: 'x' }));
    expect(identity).toMatchObject({
      title: 'x · model.pt',
      source: 'model.pt # x',
      shape: [2, 2, 3],
    });
  });

  it('runs a layer over an input generated from its moving statistics, and says so', async () => {
    const { identity, channels } = viewOf(await inspect(layerOver(generated)));
    expect(identity.source).toBe('model.pt # bn');
    expect(identity.layerInput).toBe("generated from the layer's moving statistics, seed 1");
    expect(identity).toMatchObject({ title: 'bn · model.pt', shape: [8, 2, 8, 8], channelAxis: 1 });
    expect(identity.notes[0]).toMatch(/seed 1: .*\[8,2,8,8\], which the file does not state/);
    expect([...channels.rows.movingMeanBefore]).toEqual([3, -1]);
    // What is generated looks like the moving statistics: nothing has drifted far.
    expect(Math.max(...channels.rows.drift)).toBeLessThan(0.25);
  });

  it('runs it over a tensor of the file, and over a run file', async () => {
    const tensor = { kind: 'source', source: { kind: 'tensor', uri, name: 'x' } } as const;
    expect(viewOf(await inspect(layerOver(tensor))).identity).toMatchObject({
      shape: [2, 2, 3],
      channelAxis: 1,
      source: 'model.pt # bn',
      layerInput: 'from model.pt # x',
    });
    const resource = {
      kind: 'source',
      source: { kind: 'resource', uri: 'file:///a.bn.json' },
    } as const;
    expect(viewOf(await inspect(layerOver(resource))).identity).toMatchObject({ shape: [3, 2] });
  });

  it('takes the axis that fits where the usual one does not, and says so', async () => {
    const source = { kind: 'source', source: { kind: 'tensor', uri, name: 'wide' } } as const;
    const { identity } = viewOf(await inspect(layerOver(source)));
    expect(identity.channelAxis).toBe(0);
    expect(identity.notes.join(' ')).toMatch(/Channel axis 0 was taken because it has 2 entries/);
  });

  it('refuses an input that no axis of fits, and keeps nothing of it', async () => {
    files.tensors.set('x', { shape: [3, 5], data: new Float32Array(15) });
    const source = { kind: 'source', source: { kind: 'tensor', uri, name: 'x' } } as const;
    const { state } = await inspect(layerOver(source));
    expect(state).toMatchObject({ kind: 'failed', problem: { code: 'input-does-not-fit' } });
  });

  it('says that the input is gone, once nobody can be writing it', async () => {
    files.stamp = address => Promise.resolve(address === uri ? files.info : undefined);
    const gone = { kind: 'tensor', uri: 'file:///models/batch.npy', name: 'gone' } as const;
    const session = await inspect(layerOver({ kind: 'source', source: gone }));
    expect(session.state).toMatchObject({ kind: 'failed', problem: { code: beingWritten } });
    await session.refresh();
    expect(session.state).toMatchObject({ kind: 'failed', problem: { code: 'item-missing' } });
  });

  it('draws standard numbers where the statistics allow nothing else, and says where', async () => {
    files.layers.set('bn', { movingMean: [0, NaN], movingVariance: [-1, 1] });
    const { identity } = viewOf(await inspect(layerOver(generated)));
    expect(identity.notes.join(' ')).toMatch(/channels 0, 1 \(negative or not finite\)/);
  });

  it('keeps its result while the file is being written, and follows it then', async () => {
    const session = await inspect(layerOver(generated));
    files.broken = true;
    files.touch();
    await session.refresh();
    expect(viewOf(session).banner?.problem).toMatchObject({
      code: beingWritten,
      severity: 'warning',
    });
    expect([...viewOf(session).channels.rows.movingMeanBefore]).toEqual([3, -1]);
    files.broken = false;
    files.layers.set('bn', { movingMean: [7, -1], movingVariance: [4, 1], convention: 'pytorch' });
    files.touch();
    await session.refresh();
    await session.settled();
    expect(viewOf(session).banner).toBeNull();
    expect([...viewOf(session).channels.rows.movingMeanBefore]).toEqual([7, -1]);
  });

  it('reads the file again when the engine has lost the tensor', async () => {
    const session = await inspect(layerOver(generated));
    abandoned = await engine.tensors();
    engine.restart();
    expect(
      await session.act({ kind: 'setFlags', flags: { training: true, trainable: true } }),
    ).toMatchObject({ ok: true });
    await session.settled();
    expect(viewOf(session).flags.flags.training).toBe(true);
    expect(viewOf(session).banner).toBeNull();
  });
});
