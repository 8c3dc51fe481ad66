import { refuse } from './badFile';
import { mostNamesLength } from './limits';

/** Names that are to be told apart: one that is taken gets a number, `weight (2)`. */
export class UniqueNames {
  private readonly taken = new Set<string>();
  /** The number that each name was given last. */
  private readonly last = new Map<string, number>();
  private length = 0;

  /** @throws BadFile where all names together are too long */
  take(name: string): string {
    let free = name;
    let copy = this.last.get(name) ?? 1;
    while (this.taken.has(free)) free = `${name} (${++copy})`;
    if (free !== name) this.last.set(name, copy);
    this.length += free.length;
    if (this.length > mostNamesLength) {
      refuse('names-too-long', `its names have more than ${mostNamesLength} characters together.`);
    }
    this.taken.add(free);
    return free;
  }
}
