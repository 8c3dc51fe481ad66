import { fail } from '../core/problem';
import type { Command } from './command';

/** Commands of the contract that this build does not have: they say so instead of being unknown. */
export const laterCommands: readonly Command[] = [
  later('doctor', 'FILE...', 'findings about a checkpoint, a run file or a recording'),
];

function later(name: string, operands: string, help: string): Command {
  const message = `This build has no "${name}" yet: it has run, tensors, layers, compare, summary and conventions.`;
  return {
    name,
    operands,
    help: `${help} (not in this build)`,
    options: [],
    run: () => Promise.resolve(fail('command-later', message)),
  };
}
