import { fail, ok, type Problem, type Result, type TextRange } from '../problem';
import { formatShape, sizeOf, type Shape } from '../tensor/shape';
import type { LiteralContent, TensorContent, TensorLiteral } from './literal';
import { isConstructed, literalContext, type LiteralContext } from './literalContext';
import { isBlank, openParen } from './literalCharacters';
import { openBracket } from './characters';
import type { LanguageProfile } from './literalLanguage';
import { LiteralParser, maximumDepth, type ParsedNumbers } from './literalParse';

/** A literal that reaches further than anyone looked. @param limit characters looked at */
export function largeLiteral(
  range: TextRange,
  limit: number,
  context: Pick<TensorLiteral, 'name' | 'assignedBy' | 'call'>,
): TensorLiteral {
  const problem: Problem = {
    code: 'literal-too-large',
    severity: 'note',
    message: `This literal is larger than ${formatCharacters(limit)}, too large to preview here.`,
  };
  const { name, assignedBy, call } = context;
  return {
    range,
    outerRange: range,
    name,
    assignedBy,
    call,
    content: { kind: 'tooLarge', problem },
  };
}

function formatCharacters(count: number): string {
  const millions = count / (1 << 20);
  return millions >= 1 ? `${Math.round(millions)} million characters` : `${count} characters`;
}

export type Attempt =
  | { readonly kind: 'literal'; readonly literal: TensorLiteral }
  /** No literal starts here; these brackets were open where that became clear. */
  | { readonly kind: 'foreign'; readonly open: readonly number[] }
  /**
   * Nested too deep to read. No literal starts at the brackets in `open`, nor before `resume`: the run
   * of brackets at `start`, where that alone is too deep.
   */
  | { readonly kind: 'tooDeep'; readonly open: readonly number[]; readonly resume: number }
  /** A literal that is no tensor, up to `end`; nothing in it is one either. */
  | { readonly kind: 'none'; readonly end: number };

/**
 * Reads the literal whose opening bracket is at `start`, with its context.
 * @param limit offset to give up at @param parser of the same text and language
 */
export function literalAt(
  text: string,
  start: number,
  limit: number,
  language: LanguageProfile,
  parser = new LiteralParser(text, language),
): Attempt {
  const parsed = parser.parse(start, limit);
  switch (parsed.kind) {
    case 'foreign':
      return parsed;
    case 'tooLarge': {
      if (parsed.values < 2) return none(limit);
      const context = literalContext(text, start, start, language);
      if (context.rejected) return none(limit);
      const range = { start, end: limit };
      return { kind: 'literal', literal: largeLiteral(range, limit - start, context) };
    }
    case 'tooDeep': {
      // Garbage is full of these, and the whole context costs more than the look for a call.
      if (!isConstructed(text, start, language)) return tooDeep(text, parsed.open);
      const context = literalContext(text, start, start, language);
      const message = `This literal is nested deeper than ${maximumDepth} levels.`;
      const problem: Problem = { code: 'too-deep', severity: 'error', message };
      return {
        kind: 'literal',
        literal: describe(start, start + 1, context, { kind: 'malformed', problem }),
      };
    }
    case 'numbers': {
      const context = literalContext(text, start, parsed.end, language);
      // Truth values alone are a list of options as often as a tensor.
      if (context.rejected || (parsed.booleans > 0 && context.call === '')) {
        return none(parsed.end);
      }
      const content = contentOf(parsed, context, language);
      return { kind: 'literal', literal: describe(start, parsed.end, context, content) };
    }
  }
}

function none(end: number): Attempt {
  return { kind: 'none', end };
}

/** @param open brackets, one more than may nest */
function tooDeep(text: string, open: readonly number[]): Attempt {
  let first = open.length - 1;
  while (first > 0 && isBlankBetween(text, open[first - 1] as number, open[first] as number)) {
    first--;
  }
  // A run that another literal is wrapped around may be one of its own, without what is around it.
  if (first > 0) return { kind: 'tooDeep', open: open.slice(0, first), resume: 0 };
  let resume = (open.at(-1) as number) + 1;
  while (opens(text.charCodeAt(resume)) || isBlank(text.charCodeAt(resume))) resume++;
  return { kind: 'tooDeep', open: [], resume };
}

function isBlankBetween(text: string, before: number, after: number): boolean {
  for (let i = before + 1; i < after; i++) if (!isBlank(text.charCodeAt(i))) return false;
  return true;
}

function opens(code: number): boolean {
  return code === openBracket || code === openParen;
}

function describe(
  start: number,
  end: number,
  context: LiteralContext,
  content: LiteralContent,
): TensorLiteral {
  return {
    range: { start, end },
    outerRange: { start: context.start, end: Math.max(end, context.end) },
    call: context.call,
    name: context.name,
    assignedBy: context.assignedBy,
    ...(context.dtype === undefined ? {} : { declaredDType: context.dtype }),
    content,
  };
}

/** Digits after the point that each framework prints unless told otherwise, by how its prints begin. */
const printers: ReadonlyMap<string, number> = new Map([
  ['tensor', 4],
  ['array', 8],
  ['Array', 8],
  ['tf.Tensor', 8],
]);

function printedDigits(
  { data }: ParsedNumbers,
  { call }: LiteralContext,
  language: LanguageProfile,
): Pick<TensorContent, 'printedDigits'> {
  const digits = language.printed ? printers.get(call) : undefined;
  // What has no fraction was not cut short.
  const whole = data.every(x => Number.isInteger(x) || !Number.isFinite(x));
  return digits === undefined || whole ? {} : { printedDigits: digits };
}

function contentOf(
  parsed: ParsedNumbers,
  context: LiteralContext,
  language: LanguageProfile,
): LiteralContent {
  if (parsed.elided) {
    return {
      kind: 'elided',
      shown: parsed.data.length,
      ...(context.shape === undefined ? {} : { shape: context.shape }),
    };
  }
  if (parsed.ragged) {
    const { at, message } = parsed.ragged;
    const range = { start: at, end: at + 1 };
    return { kind: 'malformed', problem: { code: 'ragged', severity: 'error', message, range } };
  }
  const shape = shapeAs(parsed.shape, context.shape);
  if (!shape.ok) return { kind: 'malformed', problem: shape.problem };
  const { rounded, overflowed } = parsed;
  const { scale } = context;
  const data = scale === undefined ? parsed.data : parsed.data.map(value => value * scale);
  const tensor = { shape: shape.value, dtype: 'float32' as const, data };
  return {
    kind: 'tensor',
    tensor,
    rounded,
    overflowed,
    ...printedDigits(parsed, context, language),
  };
}

/**
 * The shape that was asked for, where it holds as many elements as the literal has; one −1 stands for
 * what is left.
 */
export function shapeAs(actual: Shape, asked: Shape | undefined): Result<Shape> {
  if (asked === undefined) return ok(actual);
  const size = sizeOf(actual);
  const rest = sizeOf(asked.filter(dimension => dimension !== -1));
  const shape = asked.map(dimension => (dimension === -1 && rest > 0 ? size / rest : dimension));
  const fits = shape.every(dimension => Number.isInteger(dimension) && dimension >= 0);
  if (fits && sizeOf(shape) === size) return ok(shape);
  return fail(
    'shape-mismatch',
    `The literal has ${size} values in shape ${formatShape(actual)}, which do not fill the shape ${formatShape(asked)} it is given.`,
  );
}
