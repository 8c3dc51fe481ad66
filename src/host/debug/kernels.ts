import * as vscode from 'vscode';
import { python } from '../../core/debug/python';
import { fail, ok, type Result } from '../../core/problem';
import { isRecord } from '../guards';
import { baseName } from '../inspection/source';
import type { PausedFrame } from './frames';
import type { Evaluates } from './requests';

/** What Normscope uses of the API that the Jupyter extension exports: its `Kernel`. */
interface Kernel {
  executeCode(code: string, token: vscode.CancellationToken): AsyncIterable<unknown>;
}

interface Kernels {
  getKernel(uri: vscode.Uri): Thenable<unknown>;
}

const jupyterId = 'ms-toolsai.jupyter';

/**
 * The kernel of a notebook as a place to evaluate in. Jupyter asks the user once whether Normscope may, before it runs
 * anything, and runs it outside of the notebook's history.
 */
export async function kernelPlace(uri: string): Promise<Result<PausedFrame>> {
  const kernels = await jupyterKernels();
  if (!kernels) {
    return fail(
      'jupyter-missing',
      'The Jupyter extension (ms-toolsai.jupyter) is not there, or too old to let others read variables: install or update it.',
    );
  }
  const kernel = await kernels.getKernel(vscode.Uri.parse(uri, true));
  if (!isKernel(kernel)) {
    return fail(
      'jupyter-no-kernel',
      `${baseName(uri)} has no running kernel that Normscope may use: run a cell of it first.`,
    );
  }
  const frame = { id: 0, name: '', uri, line: 0 };
  return ok({ session: new KernelSession(kernel), language: python, frame });
}

async function jupyterKernels(): Promise<Kernels | undefined> {
  const api: unknown = await vscode.extensions.getExtension<unknown>(jupyterId)?.activate();
  return isRecord(api) && isKernels(api.kernels) ? api.kernels : undefined;
}

function isKernels(value: unknown): value is Kernels {
  return typeof value === 'object' && value !== null && 'getKernel' in value;
}

function isKernel(value: unknown): value is Kernel {
  return typeof value === 'object' && value !== null && 'executeCode' in value;
}

/** Answers the one request that reading makes, as a debug adapter does. */
class KernelSession implements Evaluates {
  readonly type = 'Jupyter';

  constructor(private readonly kernel: Kernel) {}

  async customRequest(_command: string, { expression }: { expression: string }): Promise<unknown> {
    // Nothing interrupts the kernel: an answer that comes too late is not waited for.
    const { token } = new vscode.CancellationTokenSource();
    // Printed, not a cell's value: that would be kept in `_` and `Out`.
    const code = `__import__('builtins').print(${expression})`;
    const decoder = new TextDecoder();
    let result = '';
    for await (const output of this.kernel.executeCode(code, token)) {
      for (const { mime, data } of itemsOf(output)) {
        const text = decoder.decode(data);
        if (mime === 'application/vnd.code.notebook.error') throw errorOf(text);
        if (mime === 'application/vnd.code.notebook.stdout') result += text;
      }
    }
    return { result };
  }
}

interface Item {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** The API says `{ items }`; versions before 2024 gave the items themselves. */
function itemsOf(output: unknown): Item[] {
  const items: unknown = isRecord(output) ? output.items : output;
  return Array.isArray(items) ? items.filter(isItem) : [];
}

function isItem(item: unknown): item is Item {
  return isRecord(item) && typeof item.mime === 'string' && item.data instanceof Uint8Array;
}

function errorOf(text: string): Error {
  try {
    const { name, message } = JSON.parse(text) as { name?: unknown; message?: unknown };
    return new Error(`${String(name)}: ${String(message)}`);
  } catch {
    return new Error(text);
  }
}
