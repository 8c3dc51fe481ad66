import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { TensorFileSession } from '../../../../src/host/files/tensorFileSession';
import { settleDelay } from '../../../../src/host/files/writeWatch';
import type { FileView } from '../../../../src/protocol/tensorFile';
import { MemoryFiles } from './memoryFiles';

const healthy = { movingMean: [0.5, 1], movingVariance: [1, 2] };

function open(files: MemoryFiles): TensorFileSession {
  const services = { files, describe: () => 'models/model.pt', fallback: () => pytorch };
  return new TensorFileSession(services, 'file:///models/model.pt');
}

function viewOf(session: TensorFileSession): FileView {
  const { state } = session;
  if (state.kind !== 'ready') throw new Error(JSON.stringify(state));
  return state.view;
}

describe('an open tensor file', () => {
  let files: MemoryFiles;
  let session: TensorFileSession;

  beforeEach(() => {
    files = new MemoryFiles();
    files.tensors.set('conv', { shape: [2, 2], data: new Float32Array(4) });
    files.layers.set('bn1', healthy);
    files.layers.set('bn2', { movingMean: [0, 0], movingVariance: [-1, 1] });
    session = open(files);
  });
  afterEach(() => {
    session.dispose();
    vi.useRealTimers();
  });

  it('is listed before any value is read', async () => {
    const states: string[] = [];
    session.onState(state => {
      if (states.length === 0) states.push(state.kind, ...files.reads);
    });
    await session.refresh();
    expect(states).toEqual(['ready', 'list', 'layer bn1']);
    expect(files.reads).not.toContain('tensor conv');
  });

  it('marks each layer by what its own parameters say', async () => {
    await session.refresh();
    await session.settled();
    expect(session.health().layers.map(({ worst }) => worst)).toEqual(['healthy', 'error']);
    expect(session.health().layers[1]?.findings[0]?.message).toMatch(/below 0/);
    expect(viewOf(session).health).toEqual({ checked: 2, running: false });
  });

  it('marks what the file says beside the numbers', async () => {
    files.checkpoint = { counted: false, layersCounted: 1, layers: 2 };
    await session.refresh();
    await session.settled();
    const [bn1] = session.health().layers;
    expect(bn1?.worst).toBe('note');
    expect(bn1?.findings[0]?.message).toContain('no num_batches_tracked for this layer');
  });

  it('marks a layer that cannot be made, without reading it', async () => {
    const reason = 'running_var is missing';
    const about = { channels: 0, convention: '', parameters: {}, stated: [], notes: [] };
    files.incomplete = [{ name: 'bn3', ...about, incomplete: { reason, evidence: {} } }];
    await session.refresh();
    await session.settled();
    const bn3 = session.health().layers[2];
    expect(bn3).toMatchObject({ layer: 2, worst: 'error' });
    expect(bn3?.findings[0]?.message).toContain(`nor loaded as it is: ${reason}`);
    expect(files.reads).not.toContain('layer bn3');
  });

  it('marks a layer that cannot be read, and goes on', async () => {
    await session.refresh();
    session.checkHealth(false);
    files.broken = true;
    session.checkHealth(true);
    await session.settled();
    expect(session.health().layers.map(({ worst }) => worst)).toContain('unread');
    expect(session.health().layers).toHaveLength(2);
  });

  it('stops checking when told, and goes on where it was', async () => {
    await session.refresh();
    session.checkHealth(false);
    const read = files.reads.length;
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(files.reads).toHaveLength(read);
    expect(viewOf(session).health.running).toBe(false);
    session.checkHealth(true);
    await session.settled();
    expect(session.health().layers.map(({ layer }) => layer)).toEqual([0, 1]);
  });

  it('checks nothing on its own once the user has stopped it', async () => {
    await session.refresh();
    session.checkHealth(false);
    await session.settled();
    const read = files.reads.filter(what => what.startsWith('layer'));
    session.showTo(false);
    session.showTo(true);
    files.touch();
    await session.refresh();
    await session.settled();
    expect(files.reads.filter(what => what.startsWith('layer'))).toEqual(read);
    session.checkHealth(true);
    await session.settled();
    expect(session.health().layers).toHaveLength(2);
  });

  it('lets the checks wait while no page is in sight', async () => {
    await session.refresh();
    session.showTo(false);
    expect(viewOf(session).health.running).toBe(false);
    session.showTo(true);
    await session.settled();
    expect(session.health().layers).toHaveLength(2);
  });

  it('follows a change and says what changed, layers that moved too', async () => {
    await session.refresh();
    await session.settled();
    expect(viewOf(session).changes).toEqual([]);
    files.tensors.set('conv', { shape: [4, 2], data: new Float32Array(8) });
    files.tensors.set('head', { shape: [3], data: new Float32Array(3) });
    files.layers.set('bn1', { movingMean: [0.5, 1.5], movingVariance: [1, 2] });
    files.touch();
    await session.refresh();
    await session.settled();
    expect(viewOf(session).changes).toEqual([
      '1 tensor added: head.',
      '1 tensor changed: conv [2,2] → [4,2].',
      '1 batch norm moved: bn1.',
    ]);
    expect(viewOf(session).listing).toBe(2);
  });

  it('says that no layer moved where only something else was saved', async () => {
    await session.refresh();
    await session.settled();
    files.touch();
    await session.refresh();
    await session.settled();
    expect(viewOf(session).changes).toEqual(['No batch norm moved.']);
  });

  it('keeps the last good view of a file caught half-written, and reads it again', async () => {
    await session.refresh();
    await session.settled();
    vi.useFakeTimers();
    files.broken = true;
    files.touch();
    await session.refresh();
    expect(viewOf(session)).toMatchObject({ banner: { kind: 'writing' }, tensors: 1, listing: 1 });
    files.broken = false;
    files.touch();
    await vi.advanceTimersByTimeAsync(settleDelay + 1);
    expect(viewOf(session)).toMatchObject({ banner: null, listing: 2 });
  });

  it('waits for a shard that is being written as for the file itself', async () => {
    files.beside = ['file:///models/shard.pt'];
    const asked: (readonly string[] | undefined)[] = [];
    const stamp = files.stamp.bind(files);
    files.stamp = (_?: string, beside?: readonly string[]) => {
      asked.push(beside);
      return stamp();
    };
    await session.refresh();
    expect(session.beside).toEqual(files.beside);
    asked.splice(0);
    files.broken = true;
    files.touch();
    await session.refresh();
    expect(asked.at(-1)).toEqual(files.beside);
    expect(viewOf(session).banner?.kind).toBe('writing');
  });

  it('says that it is broken once its size and time have settled', async () => {
    await session.refresh();
    vi.useFakeTimers();
    files.broken = true;
    files.touch();
    await session.refresh();
    expect(viewOf(session).banner?.kind).toBe('writing');
    await vi.advanceTimersByTimeAsync(settleDelay + 1);
    expect(viewOf(session).banner).toMatchObject({ kind: 'broken', problem: { code: 'file-cut' } });
  });

  it('waits for a file that is half-written when it is opened', async () => {
    vi.useFakeTimers();
    files.broken = true;
    files.touch();
    await session.refresh();
    expect(session.state).toMatchObject({
      kind: 'loading',
      what: expect.stringContaining('being written') as string,
    });
    await vi.advanceTimersByTimeAsync(settleDelay + 1);
    expect(session.state).toMatchObject({ kind: 'failed', problem: { code: 'file-cut' } });
  });

  it('does not wait for a broken file that nobody has written lately', async () => {
    files.broken = true;
    await session.refresh();
    expect(session.state).toMatchObject({ kind: 'failed' });
  });
});
