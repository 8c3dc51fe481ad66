import type { FileRequest } from '../../protocol/engineFiles';
import type { EngineHost } from './engineHost';

/** Milliseconds between two reports. */
const between = 100;

/** How far one request is. */
export interface RequestProgress {
  /** That bytes were read for it. */
  readonly told: (bytes: number) => void;
  /** How many bytes are to be read from now on. */
  readonly expect: (bytes: number) => void;
}

/** Reports to the host how far a request is, if it asked for that. */
export function progressOf({ progress }: FileRequest, host: EngineHost): RequestProgress {
  let done = 0;
  let total: number | null = null;
  let last = performance.now();
  if (progress === undefined) return { told: () => undefined, expect: () => undefined };
  return {
    told: bytes => {
      done += bytes;
      const now = performance.now();
      if (now - last < between) return;
      last = now;
      host.progress({ progress, done: total === null ? done : Math.min(done, total), total });
    },
    expect: bytes => {
      done = 0;
      total = bytes;
    },
  };
}
