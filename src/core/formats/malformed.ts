import { refuse } from './badFile';

/** Gives up on a file whose bytes contradict its format. @param what a clause: `a name has 2 GB` */
export function malformed(what: string): never {
  refuse('file-damaged', `${what}: it is damaged, or not what its name says.`);
}
