import { threadMemory } from '../memory/engineMemory';
import { Team, type TeamOptions } from './team';

/** Elements from which several threads gain: docs/decisions/0023-threads.md has the figures. */
export const sharedFrom = 1 << 20;

let allowed: TeamOptions | undefined;
let team: Team | undefined;

/** Lets this thread's passes have helpers. Without it, and without shared memory, it works alone. */
export function allowHelpers(options: TeamOptions): void {
  allowed = options;
}

/**
 * The helpers for a pass over so many elements. The first one that is large enough starts them, and waits
 * for nothing: until they are there, the team does not help.
 */
export function teamFor(elements: number): Team | undefined {
  if (allowed === undefined || allowed.helpers < 1 || elements < sharedFrom) return undefined;
  const memory = threadMemory();
  if (memory === undefined) return undefined;
  return (team ??= new Team(memory, allowed));
}

/** Ends the helpers; later passes start none. */
export async function dismissHelpers(): Promise<void> {
  const ending = team;
  allowed = team = undefined;
  await ending?.close();
}
