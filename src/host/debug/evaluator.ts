import {
  decodeAnswer,
  isCutAnswer,
  parseDescription,
  parseListing,
  type Description,
  type EncodedBytes,
  type ListedValue,
} from '../../core/debug/answers';
import { shortened, type DescribeLimits } from '../../core/debug/language';
import { ok, type Problem, type Result } from '../../core/problem';
import { isRecord } from '../guards';
import type { PausedFrame } from './frames';
import { lastLine, request, type Evaluates, type Waiting } from './requests';

/** Contexts of `evaluate` in which adapters may answer whole, the better first. */
const contexts = ['clipboard', 'watch'] as const;

/** The context in which an adapter is known to answer, by session. */
const chosen = new WeakMap<Evaluates, (typeof contexts)[number]>();

export async function describe(
  at: PausedFrame,
  expression: string,
  limits: DescribeLimits,
  waiting: Waiting = {},
): Promise<Result<Description>> {
  const refused = at.language.refusal(expression);
  if (refused) return { ok: false, problem: refused };
  const code = at.language.describe(expression, limits);
  const answer = await evaluate(at, code, expression, waiting);
  return answer.ok ? parseDescription(textOf(answer.value), expression) : answer;
}

/** The bytes of elements `start` to `end`. */
export async function readElements(
  at: PausedFrame,
  expression: string,
  start: number,
  end: number,
  waiting: Waiting,
): Promise<Result<Uint8Array>> {
  const answer = await evaluate(at, at.language.read(expression, start, end), expression, waiting);
  return answer.ok ? ok(bytesOf(answer.value)) : answer;
}

/** What a frame holds that can be inspected. */
export async function list(
  at: PausedFrame,
  limits: DescribeLimits,
  waiting: Waiting = {},
): Promise<Result<readonly ListedValue[]>> {
  const names = at.language.needsNames ? await variableNames(at) : ok([]);
  if (!names.ok) return names;
  const code = at.language.list(names.value, limits);
  const answer = await evaluate(at, code, 'the frame', waiting);
  return answer.ok ? parseListing(textOf(answer.value)) : answer;
}

export function bytesOf({ encoding, text }: EncodedBytes): Uint8Array {
  return Buffer.from(text, encoding);
}

function textOf(encoded: EncodedBytes): string {
  return Buffer.from(encoded.text, encoded.encoding).toString('utf8');
}

/**
 * Evaluates in the context that answers whole, and says what an adapter does that has none. What is evaluated may call
 * something, so it is not evaluated a second time where the first one was its own failure.
 */
async function evaluate(
  at: PausedFrame,
  code: string,
  expression: string,
  waiting: Waiting,
): Promise<Result<EncodedBytes>> {
  const { session } = at;
  const known = chosen.get(session);
  for (const context of known ? [known] : contexts) {
    const answer = await ask(at, code, context, waiting);
    if (!answer.ok && answer.problem.code !== 'debug-refused') return answer;
    const encoded = answer.ok ? answer.value.encoded : undefined;
    if (encoded) {
      chosen.set(session, context);
      return ok(encoded);
    }
    const isLast = known !== undefined || context === contexts.at(-1);
    if (isLast || (answer.ok ? calls(expression) : await takes(at, context))) {
      const words = answer.ok ? answer.value.words : answer.problem.message;
      const isCut = answer.ok && isCutAnswer(words);
      const problem = isCut ? cutShort(session, expression) : refusedBy(words, expression);
      return { ok: false, problem };
    }
  }
  return { ok: false, problem: cutShort(session, expression) };
}

interface Answer {
  /** Undefined where it is cut, or not what was asked for. */
  readonly encoded: EncodedBytes | undefined;
  readonly words: string;
}

async function ask(
  { session, frame, answers }: PausedFrame,
  code: string,
  context: (typeof contexts)[number],
  waiting: Waiting,
): Promise<Result<Answer>> {
  const given = { expression: code, frameId: frame.id, context };
  const expected = answers?.expect(session, code);
  const answer = await request(session, 'evaluate', given, waiting);
  expected?.dispose();
  if (!answer.ok) return answer;
  const result = expected?.taken ?? answer.value.result;
  const encoded = typeof result === 'string' ? decodeAnswer(result) : undefined;
  return ok({ encoded, words: String(result) });
}

/** Whether evaluating it once more may do something once more. */
function calls(expression: string): boolean {
  return expression.includes('(');
}

/** A text in any language, and an answer of one byte. */
const harmless = "'h00'";

/** Whether an adapter knows a context: then a refusal was of what it evaluated, and it has evaluated it. */
async function takes(at: PausedFrame, context: (typeof contexts)[number]): Promise<boolean> {
  const answer = await ask(at, harmless, context, {});
  const isTaken = answer.ok && answer.value.encoded !== undefined;
  if (isTaken) chosen.set(at.session, context);
  return isTaken;
}

function cutShort({ type }: Evaluates, expression: string): Problem {
  return {
    code: 'debug-cut',
    severity: 'error',
    message: `The debug adapter (${type}) cuts long answers short, so “${shortened(expression)}” cannot be read whole: a newer one answers to “clipboard”. A slice of it may be small enough.`,
  };
}

/** @param words of the adapter: the reason, perhaps at the end of a traceback */
function refusedBy(words: string, expression: string): Problem {
  return {
    code: 'debug-not-evaluated',
    severity: 'error',
    message: `“${shortened(expression)}” cannot be evaluated here: ${lastLine(words).replace(/\.$/, '')}.`,
  };
}

/** Scopes of more variables than this are not a function's: the globals of a page. */
const mostNames = 500;

async function variableNames({ session, frame }: PausedFrame): Promise<Result<string[]>> {
  const answer = await request(session, 'scopes', { frameId: frame.id });
  if (!answer.ok) return answer;
  const scopes: readonly unknown[] = Array.isArray(answer.value.scopes) ? answer.value.scopes : [];
  const names = new Set<string>(['this']);
  for (const scope of scopes) {
    if (!isRecord(scope) || scope.expensive === true) continue;
    const { variablesReference } = scope;
    const held = await request(session, 'variables', { variablesReference });
    const variables: readonly unknown[] =
      held.ok && Array.isArray(held.value.variables) ? held.value.variables : [];
    if (variables.length > mostNames) continue;
    for (const variable of variables) {
      if (isRecord(variable) && typeof variable.name === 'string') names.add(variable.name);
    }
  }
  return ok([...names]);
}
