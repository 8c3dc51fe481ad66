import * as vscode from 'vscode';
import { Debuggee, hasDebugpy } from '../vscode/suite/debugging';
import type { Measurements } from './measure';
import { measureInside } from './inside';

/** 25 MB of float32. */
const shape = [61, 100, 32, 32];

const pythonProgram = `import torch

def main():
    values = torch.arange(${shape.join('*')}, dtype=torch.float32).reshape(${shape.join(', ')})
    for step in range(2):
        values = values + 1
        step  # stop

main()
`;

const javascriptProgram = `function main() {
  const data = Float32Array.from({ length: ${shape.join('*')} }, (_, i) => i);
  const values = { dims: [${shape.join(', ')}], data };
  for (let step = 0; step < 2; step++) {
    data[0] += 1;
    console.log(values.dims); // stop
  }
}

main();
`;

/** Runs in a real extension host, with real debuggers: how long large values of paused programs take. One round. */
export const run = (): Promise<void> => measureInside(measure);

async function measure(measured: Measurements): Promise<void> {
  if (hasDebugpy()) await measureProgram(measured, 'debugpy', 'bench.py', pythonProgram);
  await measureProgram(measured, 'pwa-node', 'bench.js', javascriptProgram);
}

async function measureProgram(
  measured: Measurements,
  type: string,
  file: string,
  program: string,
): Promise<void> {
  const debuggee = await Debuggee.start(file, program, type);
  const timed = async (name: string, command: string, ...args: string[]): Promise<void> => {
    const start = performance.now();
    await vscode.commands.executeCommand(`normscope.${command}`, ...args);
    measured.add(`${name}, ${type}`, performance.now() - start);
  };
  await timed('summary of a frame with 25 MB, the first', 'copyTensors');
  await timed('summary of a frame with 25 MB', 'copyTensors');
  // Until the panel's state has the statistics of every channel.
  await timed(
    '25 MB until their numbers are in the panel, the first',
    'inspectExpression',
    'values',
  );
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await timed('25 MB until their numbers are in the panel', 'inspectExpression', 'values');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await debuggee.go();
  await timed('summary of a frame with 25 MB', 'copyTensors');
  await debuggee.end();
}
