import { expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { OpenInspections } from '../../../../src/host/inspection/openInspections';
import { InProcessEngine } from './inProcessEngine';
import { seedText, TextSource } from './openSession';

it('is about the inspection that was looked at last, also once another is closed', () => {
  const engine = new InProcessEngine();
  const reader = new TextSource(seedText);
  const open = new OpenInspections({ engine: () => engine.client, reader, fallback: () => tf1 });
  const [a, b, c] = ['a', 'b', 'c'].map(name =>
    open.create({ kind: 'resource', uri: `file:///${name}.bn.json` }),
  );
  if (!a || !b || !c) throw new Error('none');
  for (const session of [b, c, a, b]) open.activate(session);
  open.close(b);
  expect(open.active).toBe(a);
  open.close(c);
  expect(open.active).toBe(a);
  open.close(a);
  expect(open.active).toBeUndefined();
  open.dispose();
});
