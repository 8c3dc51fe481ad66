import { expect, it } from 'vitest';
import { summarizeFile } from '../../../../src/host/files/fileSummary';
import type { FileBanner, FileState } from '../../../../src/protocol/tensorFile';

const problem = {
  code: 'file-cut',
  severity: 'error',
  message: 'a.npy: it is cut short.',
} as const;

function ready(tensors: number, layers: number, banner: FileBanner | null = null): FileState {
  const view = {
    title: 'a.npy',
    source: 'a.npy',
    format: 'NumPy array',
    bytes: 1,
    listing: 1,
    notes: [],
    changes: [],
    health: { checked: 0, running: false },
  };
  return { kind: 'ready', view: { ...view, tensors, layers, banner } };
}

it.each<[string, FileState, string, string]>([
  ['a file that is read', { kind: 'loading', what: 'Listing…' }, 'not listed yet', ''],
  [
    'one that cannot be',
    { kind: 'failed', title: 'Cannot list a.npy', problem },
    'cannot be listed',
    problem.message,
  ],
  ['one tensor', ready(1, 0), '1 tensor, no batch norms', ''],
  ['a model', ready(20, 1), '20 tensors, 1 batch norm', ''],
  [
    'one being written',
    ready(2, 0, { kind: 'writing', problem }),
    '2 tensors, no batch norms · being written',
    '',
  ],
  [
    'one that broke since',
    ready(2, 0, { kind: 'broken', problem }),
    '2 tensors, no batch norms · cannot be read now',
    problem.message,
  ],
])('says of %s what there is', (_what, state, description, message) => {
  expect(summarizeFile(state)).toMatchObject({ description, problem: message });
});
