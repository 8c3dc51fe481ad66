import * as assert from 'node:assert';
import { createRequire } from 'node:module';
import type * as threads from 'node:worker_threads';
import * as vscode from 'vscode';
import { closeAll, run, sample } from './results';

const id = 'normscope.normscope';

describe('activation', () => {
  // The module itself, whose `Worker` the extension looks up when it starts one.
  const module = createRequire(__filename)('node:worker_threads') as { Worker: unknown };
  const { Worker } = module as typeof threads;
  let workers = 0;

  before(() => {
    module.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers++;
      }
    };
  });
  after(async () => {
    module.Worker = Worker;
    await closeAll();
  });

  it('is not asked for at start-up', () => {
    const { activationEvents } = vscode.extensions.getExtension(id)?.packageJSON as {
      activationEvents: string[];
    };
    assert.ok(
      activationEvents.every(event =>
        /^on(Language|WebviewPanel|DebugAdapterProtocolTracker):/.test(event),
      ),
    );
  });

  it('is quick and starts no engine; the first tensor does', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension);
    const begin = performance.now();
    await extension.activate();
    console.log(`    activated in ${(performance.now() - begin).toFixed(0)} ms, loading included`);
    assert.equal(workers, 0);
    await run('inspectFile', sample('seed.bn.json'));
    assert.equal(workers, 1);
  });

  it('registers every command of the manifest', async () => {
    const { contributes } = vscode.extensions.getExtension(id)?.packageJSON as {
      contributes: { commands: { command: string; category: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command, category } of contributes.commands) {
      assert.ok(registered.has(command), command);
      assert.equal(category, 'Normscope');
    }
  });
});
