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
import { lastLine, request, type Evaluates } from './requests';

/** What must not take long: a description, without bulk. */
const descriptionLimit = 10_000;

/** Contexts of `evaluate` in which adapters may answer whole, the better first. */
const contexts = ['clipboard', 'watch'] as const;

/** The context in which an adapter is known to answer, by session. */
const chosen = new WeakMap<Evaluates, (typeof contexts)[number]>();

/** @param limit in milliseconds */
export async function describe(
  at: PausedFrame,
  expression: string,
  limits: DescribeLimits,
  limit = descriptionLimit,
): Promise<Result<Description>> {
  const refused = at.language.refusal(expression);
  if (refused) return { ok: false, problem: refused };
  const code = at.language.describe(expression, limits);
  const answer = await evaluate(at, code, expression, limit);
  return answer.ok ? parseDescription(textOf(answer.value), expression) : answer;
}

/** The bytes of elements `start` to `end`. @param limit in milliseconds */
export async function readElements(
  at: PausedFrame,
  expression: string,
  start: number,
  end: number,
  limit: number,
): Promise<Result<Uint8Array>> {
  const answer = await evaluate(at, at.language.read(expression, start, end), expression, limit);
  return answer.ok ? ok(bytesOf(answer.value)) : answer;
}

/** What a frame holds that can be inspected. */
export async function list(
  at: PausedFrame,
  limits: DescribeLimits,
  limit = descriptionLimit,
): Promise<Result<readonly ListedValue[]>> {
  const names = at.language.needsNames ? await variableNames(at) : ok([]);
  if (!names.ok) return names;
  const code = at.language.list(names.value, limits);
  const answer = await evaluate(at, code, 'the frame', limit);
  return answer.ok ? parseListing(textOf(answer.value)) : answer;
}

export function bytesOf({ encoding, text }: EncodedBytes): Uint8Array {
  return Buffer.from(text, encoding);
}

function textOf(encoded: EncodedBytes): string {
  return Buffer.from(encoded.text, encoded.encoding).toString('utf8');
}

/** Evaluates in the context that answers whole, and says what an adapter does that has none. */
async function evaluate(
  { session, frame, answers }: PausedFrame,
  code: string,
  expression: string,
  limit: number,
): Promise<Result<EncodedBytes>> {
  const known = chosen.get(session);
  let problem: Problem | undefined;
  for (const context of known ? [known] : contexts) {
    const given = { expression: code, frameId: frame.id, context };
    const expected = answers?.expect(session, code);
    const answer = await request(session, 'evaluate', given, limit);
    expected?.dispose();
    if (!answer.ok && answer.problem.code !== 'debug-refused') return answer;
    const result = answer.ok ? (expected?.taken ?? answer.value.result) : undefined;
    const encoded = typeof result === 'string' ? decodeAnswer(result) : undefined;
    if (encoded) {
      chosen.set(session, context);
      return ok(encoded);
    }
    // Of a context that an adapter does not know the next one says more.
    const words = answer.ok ? String(result) : answer.problem.message;
    const isCut = answer.ok && isCutAnswer(words);
    problem = isCut ? cutShort(session, expression) : refusedBy(words, expression);
  }
  return { ok: false, problem: problem ?? cutShort(session, expression) };
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
