import { expect, it } from 'vitest';
import { statusText } from '../../../src/host/statusText';
import { openSession, viewOf } from './inspection/openSession';

it('says the flags and the steps, short, and in words for a screen reader', async () => {
  const opened = await openSession();
  await opened.session.act({ kind: 'step', count: 2 });
  await opened.session.act({ kind: 'setFlags', flags: { training: true, trainable: false } });
  await opened.session.settled();
  const { text, tooltip, label } = statusText(viewOf(opened));
  expect(text).toBe('$(pulse) training $(check) trainable $(x) · 2 steps');
  expect(label).toBe('Normscope, seed.bn.json: training on, trainable off · 2 steps');
  expect(tooltip).toContain('TensorFlow 1');
});
