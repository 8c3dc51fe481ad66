import type { Command } from './command';
import { conventionsCommand } from './conventions';
import { laterCommands } from './laterCommands';
import { layersCommand } from './layers';
import { runCommand } from './run';
import { summaryCommand, tensorsCommand } from './tensors';

/** Every command, in the order the help shows them. */
export const commands: readonly Command[] = [
  runCommand,
  tensorsCommand,
  layersCommand,
  summaryCommand,
  conventionsCommand,
  ...laterCommands,
];
