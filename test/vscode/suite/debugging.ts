import * as assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { eventually, sample } from './results';

/** Debian's, with python3-debugpy, python3-numpy and python3-torch. */
const python = '/usr/bin/python3';

/** Whether the parts are there; a suite that lacks them says so aloud. */
export function hasDebugpy(): boolean {
  const found = spawnSync(python, ['-c', 'import debugpy, numpy, torch']).status === 0;
  if (!found) console.warn('[suite] Skipped: needs python3-debugpy, python3-numpy, python3-torch.');
  return found;
}

/** A program in the workspace that is stopped at each line that ends in `# stop` or `// stop`. */
export class Debuggee implements vscode.DebugAdapterTrackerFactory {
  stops = 0;
  session: vscode.DebugSession | undefined;
  readonly #registrations: vscode.Disposable[] = [];
  readonly #breakpoints: vscode.Breakpoint[];

  private constructor(
    private readonly file: vscode.Uri,
    text: string,
    private readonly type: string,
  ) {
    const lines = text.split('\n');
    this.#breakpoints = lines.flatMap((line, i) =>
      /(#|\/\/) stop$/.test(line)
        ? [new vscode.SourceBreakpoint(new vscode.Location(file, new vscode.Position(i, 0)))]
        : [],
    );
  }

  /** Starts it and waits for its first stop. */
  static async start(name: string, text: string, type: string): Promise<Debuggee> {
    const file = sample(name);
    writeFileSync(file.fsPath, text);
    const debuggee = new Debuggee(file, text, type);
    await debuggee.#start();
    return debuggee;
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    return {
      onDidSendMessage: (message: { type?: string; event?: string }) => {
        if (message.type !== 'event' || message.event !== 'stopped') return;
        this.session = session;
        this.stops++;
      },
    };
  }

  /** Runs to the next stop. */
  async go(command = 'workbench.action.debug.continue'): Promise<void> {
    const before = this.stops;
    await vscode.commands.executeCommand(command);
    await eventually(() => assert.ok(this.stops > before, 'it did not stop again'), 20_000);
  }

  /** What the program itself answers, to see that it is undisturbed. */
  async evaluate(expression: string): Promise<string> {
    assert.ok(this.session);
    const { stackFrames } = (await this.session.customRequest('stackTrace', {
      threadId: await this.#thread(),
      levels: 1,
    })) as { stackFrames: { id: number }[] };
    const answer = (await this.session.customRequest('evaluate', {
      expression,
      frameId: stackFrames[0]?.id,
      context: 'watch',
    })) as { result: string };
    return answer.result;
  }

  async end(): Promise<void> {
    vscode.debug.removeBreakpoints(this.#breakpoints);
    for (const registration of this.#registrations) registration.dispose();
    // The program runs to its end: js-debug's outer session outlives being stopped while a program stands still.
    await vscode.commands.executeCommand('workbench.action.debug.continue');
    await eventually(() => {
      assert.ok(!vscode.debug.activeDebugSession, 'it does not end');
    }, 20_000);
  }

  async #thread(): Promise<number> {
    const { threads } = (await this.session?.customRequest('threads')) as {
      threads: { id: number }[];
    };
    return threads[0]?.id ?? 0;
  }

  async #start(): Promise<void> {
    // Texts without a file that other suites leave would be saved first, and VS Code would ask where, for ever.
    const global = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration('debug').update('saveBeforeStart', 'none', global);
    this.#registrations.push(vscode.debug.registerDebugAdapterTrackerFactory('*', this));
    vscode.debug.addBreakpoints(this.#breakpoints);
    const configuration = {
      type: this.type,
      request: 'launch',
      name: 'test',
      program: this.file.fsPath,
      console: 'internalConsole',
      justMyCode: true,
    };
    // Another suite may have left an untitled document, and nobody is there to say where to save it.
    const options = { suppressSaveBeforeStart: true };
    const started = await vscode.debug.startDebugging(undefined, configuration, options);
    assert.ok(started, 'it did not start');
    await eventually(() => assert.ok(this.stops > 0, 'it did not stop'), 40_000);
  }
}
