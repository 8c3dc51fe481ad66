import { fail, type Result } from '../../core/problem';
import { isRecord, type Fields } from '../guards';
import { nothingOpen } from '../inspection/nothingOpen';
import type { ShownResult, ShownTensors } from '../inspection/shownTensors';

/**
 * A handler of a picture's request: checks what the page sent, then asks about the result on screen.
 * @param parse undefined for what is no such request
 */
export function answer<Request, Reply>(
  tensors: ShownTensors | undefined,
  parse: (fields: Fields) => Request | undefined,
  ask: (request: Request, result: ShownResult) => Promise<Result<Reply>>,
): (argument: unknown, signal: AbortSignal) => Promise<Result<Reply>> {
  return async (argument, signal) => {
    if (!tensors) return nothingOpen;
    const request = isRecord(argument) ? parse(argument) : undefined;
    return request === undefined
      ? fail(
          'bad-message',
          'The panel asked for a picture in a way that this version does not know: reload the window.',
        )
      : tensors.over(signal, result => ask(request, result));
  };
}
