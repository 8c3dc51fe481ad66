import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { ok } from '../../../src/core/problem';
import { TensorFilePanel } from '../../../src/host/files/tensorFilePanel';
import { TensorFileSession } from '../../../src/host/files/tensorFileSession';
import type { FileAction } from '../../../src/protocol/tensorFile';
import { fileScenarios } from './fileScenarios';
import { openWebview } from './webviewSide';

/** What the tests reach into. */
export interface FileHarness {
  /** Actions that the host would carry out in VS Code. */
  readonly requests: FileAction[];
  /** Messages from the page, as they were carried. */
  readonly posted: unknown[];
  /** Another state of the file, by the name of its scenario, written just now. */
  write(scenario: string): Promise<void>;
}

declare global {
  interface Window {
    files: FileHarness;
  }
}

const parameters = new URLSearchParams(location.search);
const find = (name: string): (typeof fileScenarios)[string] => {
  const scenario = fileScenarios[name];
  if (!scenario) throw new Error(`no scenario ${name}`);
  return scenario;
};
let current = find(parameters.get('scenario') ?? 'seed');
let changed = 0;

const session = new TensorFileSession(
  {
    files: {
      list: () => Promise.resolve(current.list()),
      layer: async (_, name) => {
        await new Promise(resolve => setTimeout(resolve, current.pace));
        return current.layer(name);
      },
      tensor: () => Promise.reject(new Error('the page reads no tensor')),
      stamp: () => Promise.resolve({ size: 1, changed }),
    },
    describe: () => 'runs/2026-11-25/checkpoints/model.pt',
    fallback: () => pytorch,
  },
  'file:///workspace/runs/2026-11-25/checkpoints/model.pt',
);

const requests: FileAction[] = [];
const { panel, posted } = openWebview();
new TensorFilePanel(panel, session, {
  log: error => console.error(error),
  run: (from, action) => {
    requests.push(action);
    if (action.kind === 'checkHealth') from.checkHealth(action.on);
    if (action.kind === 'reload') void from.refresh();
    return Promise.resolve(ok(null));
  },
});
if (parameters.get('hold') === null) void session.refresh();

window.files = {
  requests,
  posted,
  write: async scenario => {
    current = find(scenario);
    changed = Date.now();
    await session.refresh();
  },
};
