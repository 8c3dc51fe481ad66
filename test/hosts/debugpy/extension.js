// @ts-check
// The debug adapter of Debian's python3-debugpy, as the Python extension would start it.
const { spawn } = require('node:child_process');
const vscode = require('vscode');

const python = '/usr/bin/python3';

/** @param {vscode.ExtensionContext} context */
exports.activate = context => {
  const createDebugAdapterDescriptor = () =>
    new vscode.DebugAdapterExecutable(python, ['-m', 'debugpy.adapter']);
  const refusing = () =>
    new vscode.DebugAdapterInlineImplementation(new RefusingAdapter(['-m', 'debugpy.adapter']));
  const resolveDebugConfiguration = (
    /** @type {unknown} */ _folder,
    /** @type {vscode.DebugConfiguration} */ configuration,
  ) => ({ ...configuration, python: [python] });
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', { createDebugAdapterDescriptor }),
    vscode.debug.registerDebugAdapterDescriptorFactory('python', {
      createDebugAdapterDescriptor: refusing,
    }),
    vscode.debug.registerDebugConfigurationProvider('debugpy', { resolveDebugConfiguration }),
    vscode.debug.registerDebugConfigurationProvider('python', { resolveDebugConfiguration }),
  );
};

/**
 * debugpy, but for evaluations in the context `clipboard`, which it answers with an error, as adapters do that do not
 * know it.
 * @implements {vscode.DebugAdapter}
 */
class RefusingAdapter {
  #sent = new vscode.EventEmitter();
  #received = Buffer.alloc(0);
  #child;
  onDidSendMessage = this.#sent.event;

  /** @param {string[]} args */
  constructor(args) {
    this.#child = spawn(python, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout.on('data', data => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#deliver();
    });
  }

  /** @param {any} message */
  handleMessage(message) {
    if (message.command === 'evaluate' && message.arguments?.context === 'clipboard') {
      this.#sent.fire({
        type: 'response',
        seq: 0,
        request_seq: message.seq,
        command: 'evaluate',
        success: false,
        message: 'unknown context',
      });
      return;
    }
    const body = JSON.stringify(message);
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  dispose() {
    this.#child.kill();
  }

  /** Passes on what has arrived whole. */
  #deliver() {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      const head = this.#received.subarray(0, Math.max(0, end)).toString();
      const length = /Content-Length: (\d+)/.exec(head);
      if (end < 0 || !length) return;
      const [start, stop] = [end + 4, end + 4 + Number(length[1])];
      if (this.#received.length < stop) return;
      const body = this.#received.subarray(start, stop).toString('utf8');
      this.#received = this.#received.subarray(stop);
      this.#sent.fire(JSON.parse(body));
    }
  }
}
