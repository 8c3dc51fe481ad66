import { conventions } from '../../core/batchnorm/conventions/registry';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import type { TensorContent, TensorLiteral } from '../../core/text/literal';
import type { LanguageProfile } from '../../core/text/literalLanguage';
import { findSiblings } from '../../core/text/literalSiblings';
import { findTensorLiteral, shapeAs } from '../../core/text/literals';
import type { ContentBody } from './loadedInput';

/** The literal that stands at an offset, with what the text around it says about the layer. */
export function readLiteral(
  text: string,
  offset: number,
  language: LanguageProfile,
): Result<ContentBody> {
  const start = Math.min(offset, text.length);
  // Asked for by name, unlike a hover: a literal of any size is read.
  const literal = findTensorLiteral(text, start, language, { limit: Infinity });
  if (!literal) {
    return fail(
      'literal-broken',
      'What stands here is no tensor literal any more: it takes a nested list of numbers, all rows of one length, such as [[1, 2], [3, 4]].',
      { start, end: start },
    );
  }
  const { content } = literal;
  return content.kind === 'tensor'
    ? tensorContent(text, literal, content, language)
    : { ok: false, problem: unreadable(literal) };
}

function tensorContent(
  text: string,
  literal: TensorLiteral,
  content: TensorContent,
  language: LanguageProfile,
): Result<ContentBody> {
  const siblings = findSiblings(text, literal, language);
  const shape = shapeAs(content.tensor.shape, siblings.shape);
  if (!shape.ok) return { ok: false, problem: { ...shape.problem, range: literal.range } };
  const found = siblings.found.map(sibling => sibling.name);
  const notes = [
    ...(found.length > 0 ? [`Read beside it: ${found.join(', ')}.`] : []),
    ...(siblings.mask ? [maskNote()] : []),
    ...precisionNotes(literal, content),
  ];
  return ok({
    kind: 'literal',
    tensor: { ...content.tensor, shape: shape.value },
    name: literal.name === '' ? 'input' : literal.name,
    statement: siblings.statement,
    notes,
    ...(siblings.mask && { mask: siblings.mask }),
  });
}

/** Which conventions have masks: the picker may go to any of them. */
function maskNote(): string {
  const names = conventions
    .filter(({ mask, otherPath }) =>
      [mask, otherPath?.mask].some(rule => rule?.kind === 'weighted'),
    )
    .map(({ name, mask, otherPath }) =>
      mask.kind === 'weighted' ? name : `${name.split(',')[0]} where it is ${otherPath?.name}`,
    );
  return `The mask has an effect in ${names.join(' and in ')} alone: elsewhere every element counts.`;
}

function precisionNotes({ declaredDType }: TensorLiteral, content: TensorContent): string[] {
  const notes: string[] = [];
  if (declaredDType !== undefined && declaredDType !== 'float32') {
    notes.push(`Declared ${declaredDType}; batch norm runs in float32.`);
  }
  if (content.printedDigits !== undefined) {
    notes.push(
      `Its print rounded it to ${content.printedDigits} digits, and so is what is made of it.`,
    );
  }
  if (content.rounded > 0) {
    notes.push(`${content.rounded} integers are too large for float32 and were rounded.`);
  }
  if (content.overflowed > 0) {
    notes.push(`${content.overflowed} numbers are beyond float32 and became infinite.`);
  }
  return notes;
}

/** Why a literal makes no tensor, with its place. */
export function unreadable({ content, range }: TensorLiteral): Problem {
  if (content.kind === 'malformed' || content.kind === 'tooLarge') {
    return { range, ...content.problem };
  }
  const message =
    content.kind === 'elided'
      ? 'This tensor was printed with "..." in it, so most of its numbers are not here: print it whole (numpy.set_printoptions(threshold=sys.maxsize), torch.set_printoptions(profile="full")).'
      : 'This literal makes no tensor.';
  return { code: 'literal-elided', severity: 'error', message, range };
}
