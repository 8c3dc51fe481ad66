import { describe, expect, it } from 'vitest';
import type { StepsReply, StepsSettings } from '../../../../src/protocol/pictures/steps';
import { stepsHandlers, stepsPicture } from '../../../../src/host/pictures/steps';
import { OpenRecordings, RecordingShelf } from '../../../../src/host/recordings/openRecordings';
import { problemOf, valueOf } from '../../engine/support';
import { act, flags, openSession, type Opened } from '../inspection/openSession';
import { lineOf, MemoryFile } from '../recordings/memoryFile';

const none: StepsSettings = { momenta: [], recordings: [] };

/** Asks for the picture as a page does. */
async function ask(
  { session }: Opened,
  settings: StepsSettings = none,
  text = '',
  channel = 0,
): Promise<StepsReply> {
  const memory = new MemoryFile();
  memory.text = text;
  const open = new OpenRecordings(memory.open, () => ({ dispose: () => undefined }));
  const { steps } = stepsHandlers(session.tensors, new RecordingShelf(open));
  const { signal } = new AbortController();
  return valueOf(await steps({ settings, channel }, signal));
}

describe('the picture of the steps', () => {
  it('projects to the batch, with the marks of each momentum', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'step', count: 1 });
    const reply = await ask(opened, { ...none, momenta: [0.99, 0.9] });
    expect(reply.explanation).toContain('both are half way after 69 steps, within 1 % after 459.');
    expect(reply.batch).toEqual({ mean: 3.25, variance: (6.6875 * 4) / 3 });
    // The layer's own is not compared with itself.
    expect(reply.approaches.map(({ momentum, own }) => [momentum, own])).toEqual([
      [0.99, true],
      [0.9, false],
    ]);
    const [own, other] = reply.approaches;
    expect(own?.halfWay).toEqual({ mean: 69, variance: 69 });
    expect(other?.withinOnePercent.mean).toBe(44);
    expect(own?.line.steps[0]).toBe(1);
    expect(own?.line.mean[0]).toBe(Math.fround(0.03249997));
    expect(own?.line.mean.at(-1)).toBeGreaterThan(3.2);
    expect(own?.line.steps.at(-1)).toBe(1 + Math.ceil(459 * 1.15));
  });

  it('says momenta in the meaning of the convention', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'setConvention', id: 'pytorch' });
    const reply = await ask(opened, { ...none, momenta: [0.9, 0.99, 0.999] });
    expect(reply.weighs).toBe('new');
    expect(reply.approaches.map(({ momentum }) => momentum)).toEqual([0.01, 0.1, 0.001]);
    expect(reply.explanation).toMatch(/^At momentum 0\.01, .* half way after 69 steps/);
  });

  it('has the states of the history, undone ones included', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'step', count: 1 });
    await act(opened, { kind: 'step', count: 9 });
    await act(opened, { kind: 'undo' });
    const { states, path } = await ask(opened);
    expect(states.map(({ index, steps, present }) => [index, steps, present])).toEqual([
      [0, 0, false],
      [1, 1, true],
      [2, 10, false],
    ]);
    expect(path.steps.length).toBeGreaterThan(states.length);
  });

  it('is flat where nothing moves', async () => {
    const opened = await openSession();
    await act(opened, flags(false, true));
    const { explanation, approaches } = await ask(opened);
    expect(explanation).toMatch(/^The moving statistics stay as they are, because /);
    expect(new Set(approaches[0]?.line.mean)).toEqual(new Set([0]));
    expect(approaches[0]?.halfWay.mean).toBeNull();
  });

  it('draws the channel of a recording, and says what is wrong with it', async () => {
    const recordings = [{ uri: 'file:///logs/my%20run.jsonl', layer: 'bn1' }];
    const text = `${lineOf(5, 'bn1', [7, 8])}broken\n${lineOf(9, 'bn1', [9, 10])}`;
    const opened = await openSession();
    const [recording] = (await ask(opened, { ...none, recordings }, text, 1)).recordings;
    expect(recording).toMatchObject({
      name: 'my run.jsonl',
      layer: 'bn1',
      note: '1 line was left out: line 2, it is not JSON on one line.',
      movingMean: { steps: Float64Array.of(5, 9), values: Float64Array.of(8, 10) },
      batchVariance: { steps: new Float64Array(0) },
    });
    const [narrow] = (await ask(opened, { ...none, recordings }, text, 3)).recordings;
    expect(narrow?.note).toContain('Its layer bn1 has 2 channels, and no channel 3.');
    expect(narrow?.movingMean.steps).toHaveLength(0);
    const [other] = (await ask(opened, { ...none, recordings }, lineOf(1, 'bn2'))).recordings;
    expect(other?.note).toBe('It has no layer bn1.');
  });

  it('refuses what is no request', async () => {
    const { session } = await openSession();
    const open = new OpenRecordings(new MemoryFile().open, () => ({ dispose: () => undefined }));
    const { steps } = stepsHandlers(session.tensors, new RecordingShelf(open));
    const { signal } = new AbortController();
    for (const request of [null, {}, { settings: none }, { settings: {}, channel: 0 }]) {
      expect(problemOf(await steps(request as never, signal)).code).toBe('bad-message');
    }
    expect(problemOf(await steps({ settings: none, channel: 99 }, signal)).code).toBe('superseded');
  });
});

describe('settings of the steps', () => {
  it.each([
    [{ momenta: [0.5], recordings: [{ uri: 'file:///a', layer: 'b', more: 1 }] }, true],
    [{ momenta: [1.5], recordings: [] }, false],
    [{ momenta: ['0.9'], recordings: [] }, false],
    [{ momenta: Array<number>(9).fill(0.5), recordings: [] }, false],
    [{ momenta: [], recordings: [{ uri: 'file:///a' }] }, false],
    [{ momenta: [] }, false],
  ])('%j', (fields, valid) => {
    const parsed = stepsPicture.parse(fields);
    expect(parsed !== undefined).toBe(valid);
    if (parsed) expect(parsed.recordings[0]).toEqual({ uri: 'file:///a', layer: 'b' });
  });
});
