import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { ok } from '../../../src/core/problem';
import { lateAfter, watchReading } from '../../../src/host/files/lateProgress';

const engine = { watchProgress: () => ({ progress: 1, stop: () => undefined }) };
const after = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds));
const never = new AbortController().signal;

interface Shown {
  readonly title: string;
  open: boolean;
  readonly cancel: () => void;
}

/** Notifications as VS Code shows them: some time after it was told to. */
function notifications(delay: number): {
  readonly shown: Shown[];
  readonly withProgress: typeof vscode.window.withProgress;
} {
  const shown: Shown[] = [];
  const withProgress: typeof vscode.window.withProgress = async (options, task) => {
    await after(delay);
    const source = new vscode.CancellationTokenSource();
    const one = { title: options.title ?? '', open: true, cancel: () => source.cancel() };
    shown.push(one);
    const result = await task({ report: () => undefined }, source.token);
    one.open = false;
    return result;
  };
  return { shown, withProgress };
}

describe('a read that takes long', () => {
  it('is said to be under way, and not before it is late', async () => {
    const { shown, withProgress } = notifications(0);
    const watch = watchReading(() => engine, withProgress);
    await watch('Reading a', never, () => Promise.resolve(ok(1)));
    assert.deepEqual(shown, []);
    const late = watch('Reading b', never, async () => (await after(lateAfter + 200), ok(2)));
    assert.deepEqual(await late, ok(2));
    await after(0);
    assert.deepEqual(
      shown.map(({ title, open }) => [title, open]),
      [['Reading b', false]],
    );
  });

  it('closes what opens only after it is done', async () => {
    const { shown, withProgress } = notifications(200);
    const watch = watchReading(() => engine, withProgress);
    await watch('Reading a', never, async () => (await after(lateAfter + 50), ok(1)));
    await after(300);
    assert.deepEqual(
      shown.map(({ open }) => open),
      [false],
    );
  });

  it('stops when the user says so, and says that it did', async () => {
    const { shown, withProgress } = notifications(0);
    const watch = watchReading(() => engine, withProgress);
    const reading = watch<number>('Reading a', never, async signal => {
      await new Promise(resolve => signal.addEventListener('abort', resolve));
      return { ok: false, problem: { code: 'cancelled', severity: 'error', message: '' } };
    });
    await after(lateAfter + 100);
    shown[0]?.cancel();
    const stopped = await reading;
    assert.ok(!stopped.ok && stopped.problem.message.startsWith('Reading a was cancelled'));
  });
});
