import { expect, it } from 'vitest';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { OpenTensorFiles } from '../../../../src/host/files/openTensorFiles';
import { MemoryFiles } from './memoryFiles';

it('is about the file that was looked at last, also once another is closed', () => {
  const files = new MemoryFiles();
  const open = new OpenTensorFiles({ files, describe: uri => uri, fallback: () => pytorch });
  const [a, b, c] = ['a', 'b', 'c'].map(name => open.open(`file:///${name}.npy`));
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
