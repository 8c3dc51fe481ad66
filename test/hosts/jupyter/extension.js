// @ts-check
// What ms-toolsai.jupyter exports, as far as Normscope uses it: kernels that execute code and answer with outputs. The
// code runs in a real Python, one process for each notebook; the extension itself cannot be installed without a network.
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
const vscode = require('vscode');

const python = '/usr/bin/python3';

/** Reads a line of JSON, executes it where all cells are executed, and answers with a line of JSON. */
const loop = `
import contextlib, io, json, sys
names = {'__name__': '__main__'}
for line in sys.stdin:
    out, error = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        try: exec(json.loads(line), names)
        except BaseException as e: error = {'name': type(e).__name__, 'message': str(e), 'stack': ''}
    print(json.dumps({'out': out.getvalue(), 'error': error}), flush=True)
`;

class Kernel {
  constructor() {
    this.executed = /** @type {string[]} */ ([]);
    this.child = spawn(python, ['-c', loop], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.turn = Promise.resolve();
  }

  /**
   * @param {string} code
   * @returns {AsyncIterable<{ items: vscode.NotebookCellOutputItem[] }>}
   */
  async *executeCode(code) {
    this.executed.push(code);
    const answered = this.turn.then(async () => {
      this.child.stdin.write(`${JSON.stringify(code)}\n`);
      const { value } = await this.lines.next();
      return JSON.parse(value);
    });
    this.turn = answered.then(() => undefined);
    const { out, error } = await answered;
    const { stdout, error: failure } = vscode.NotebookCellOutputItem;
    // A kernel sends what is long in several parts.
    for (let at = 0; at < out.length; at += 65_536)
      yield { items: [stdout(out.slice(at, at + 65_536))] };
    if (error) yield { items: [failure(error)] };
  }
}

exports.activate = () => {
  /** @type {Map<string, Kernel>} */
  const kernels = new Map();
  return {
    kernels: {
      /** @param {vscode.Uri} uri */
      getKernel: uri => Promise.resolve(kernels.get(uri.toString())),
    },
    /**
     * For tests: what “Run” does.
     * @param {vscode.Uri} uri
     */
    start: uri => {
      const kernel = new Kernel();
      kernels.set(uri.toString(), kernel);
      return kernel;
    },
  };
};
