import type { Command } from './command';
import { compareCommand } from './compare';
import { conventionsCommand } from './conventions';
import { doctorCommand } from './doctor';
import { layersCommand } from './layers';
import { runCommand } from './run';
import { summaryCommand, tensorsCommand } from './tensors';

/** Every command, in the order the help shows them. */
export const commands: readonly Command[] = [
  runCommand,
  tensorsCommand,
  layersCommand,
  doctorCommand,
  compareCommand,
  summaryCommand,
  conventionsCommand,
];
