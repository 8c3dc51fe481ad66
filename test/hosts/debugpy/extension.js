// @ts-check
// The debug adapter of Debian's python3-debugpy, as the Python extension would start it.
const vscode = require('vscode');

const python = '/usr/bin/python3';

/** @param {vscode.ExtensionContext} context */
exports.activate = context => {
  const createDebugAdapterDescriptor = () =>
    new vscode.DebugAdapterExecutable(python, ['-m', 'debugpy.adapter']);
  const resolveDebugConfiguration = (
    /** @type {unknown} */ _folder,
    /** @type {vscode.DebugConfiguration} */ configuration,
  ) => ({ ...configuration, python: [python] });
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', { createDebugAdapterDescriptor }),
    vscode.debug.registerDebugConfigurationProvider('debugpy', { resolveDebugConfiguration }),
  );
};
