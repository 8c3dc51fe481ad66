import { isRecord, type Fields } from '../guards';

/** Shorter answers are as fast on the usual way. */
const longEnough = 1 << 14;

/** An answer that is waited for. */
export interface ExpectedAnswer {
  /** What was answered, where it was taken out; undefined where it comes on the usual way. */
  readonly taken: string | undefined;
  /** Nobody waits for it any more. */
  dispose(): void;
}

interface Expected {
  readonly expression: string;
  /** Of the request, once it has passed by. */
  seq: number | undefined;
  taken: string | undefined;
}

/**
 * Answers to Normscope's own evaluations, taken out of the messages of debug adapters before these leave the extension
 * host. On their usual way text goes through VS Code's window and back, some 4 MB a second. A tracker sees a message
 * first, and what it takes out travels no further; where no tracker sees it, the answer comes as ever.
 */
export class TakenAnswers {
  readonly #expected = new Map<object, Set<Expected>>();

  /** Before a session is asked to evaluate an expression. */
  expect(session: object, expression: string): ExpectedAnswer {
    const expected: Expected = { expression, seq: undefined, taken: undefined };
    const all = this.#expected.get(session) ?? new Set();
    this.#expected.set(session, all.add(expected));
    return {
      get taken() {
        return expected.taken;
      },
      dispose: () => {
        all.delete(expected);
        if (all.size === 0 && this.#expected.get(session) === all) this.#expected.delete(session);
      },
    };
  }

  /** A request on its way to an adapter. */
  asked(session: object, { command, seq, arguments: given }: Fields): void {
    const all = this.#expected.get(session);
    if (!all || command !== 'evaluate' || typeof seq !== 'number' || !isRecord(given)) return;
    const { expression } = given;
    const asked = [...all].find(one => one.seq === undefined && one.expression === expression);
    if (asked) asked.seq = seq;
  }

  /** A message of an adapter, before anybody else has it: a long answer that is expected is taken out of it. */
  answered(session: object, { type, request_seq: seq, body }: Fields): void {
    const all = this.#expected.get(session);
    if (!all || type !== 'response' || typeof seq !== 'number' || !isRecord(body)) return;
    const { result } = body;
    if (typeof result !== 'string' || result.length < longEnough) return;
    const expected = [...all].find(one => one.seq === seq);
    if (!expected) return;
    expected.taken = result;
    Object.assign(body, { result: '' });
  }
}
