import { heldEntry } from '../core/formats/compareEntries';
import { fail, ok, type Problem, type Result } from '../core/problem';
import { isLinesName, type JsonDocument } from '../core/text/jsonDocument';
import { listTensors, type NamedTensor } from '../core/text/jsonTensors';
import { textLanguage } from '../core/text/literalLanguage';
import { defaultWork, searchLiterals } from '../core/text/literalSearch';
import { byImportance } from '../core/text/problemList';
import { summarizeTensor } from '../core/text/summaryLine';
import { borrowNumbers } from '../engine/memory/residentNumbers';
import { bytesContent, type ByteContent } from '../engine/reading/byteContent';
import { findPosition, readDocument } from '../engine/reading/readDocument';
import { readWholeText } from '../engine/reading/wholeText';
import { failAt, type Source, type SourceTensor } from './source';
import type { Terminal } from './terminal';

/** Standard input as text. */
export async function standardInput(terminal: Terminal): Promise<ByteContent> {
  return bytesContent(await terminal.readInput(), {
    code: 'binary-file',
    severity: 'error',
    message: 'Standard input is not text: give JSON in UTF-8, or text with a tensor in it.',
  });
}

/** Reads JSON, or text with printed tensors in it. */
export async function readTextSource(label: string, content: ByteContent): Promise<Result<Source>> {
  // Kept until the process ends; a run's input becomes a tensor without a copy.
  const read = await readDocument(
    content,
    isLinesName(label),
    new AbortController().signal,
    borrowNumbers(),
  );
  if (!read.ok) return read;
  const document = read.value;
  const { tensors, problems } = listTensors(document);
  const errors = byImportance(problems).filter(({ severity }) => severity === 'error');
  const worst = tooDeep(document) ?? errors[0];
  const source = { label, positionOf: positionFinder(content), layers: [], notes: [] };
  if (!worst) return ok({ ...source, document, tensors: tensors.map(held) });
  if (isJsonName(label)) return failAt(source, worst);
  const text = readWholeText(content, label);
  if (!text.ok) return text;
  if (!mayBePrinted(text.value, errors)) return failAt(source, worst);
  const printed = findPrinted(label, text.value);
  if (!printed.ok) return printed;
  if (printed.value.length === 0) return failAt(source, worst);
  return ok({ ...source, document: undefined, tensors: printed.value.map(held) });
}

/** A tensor that is in memory already. */
function held({ name, tensor, range }: NamedTensor): SourceTensor {
  const { shape, dtype, data } = tensor;
  return {
    name,
    shape,
    dtype,
    bytes: data.byteLength,
    range,
    entry: heldEntry(name, tensor),
    load: () => Promise.resolve(ok({ tensor, notes: [] })),
    summarize: () => Promise.resolve(ok({ shape, dtype, summary: summarizeTensor(data) })),
  };
}

function positionFinder(content: ByteContent): Source['positionOf'] {
  return offset => {
    const found = findPosition(content, offset);
    return found.ok ? found.value : undefined;
  };
}

/** The text's array is deeper than any tensor, whatever else is wrong with it. */
function tooDeep({ root }: JsonDocument): Problem | undefined {
  if (root?.kind !== 'numbers') return undefined;
  return root.array.values.find(({ code }) => code === 'array-too-deep');
}

/**
 * Whether text that is no JSON may hold arrays as they are printed. Where it starts as JSON does, its
 * array must be whole and have what NumPy prints: blanks without commas, `1.`, `nan`; or `[INFO]`
 * starts a log. Anything else is JSON with a mistake, and a part of it is not what was meant.
 */
function mayBePrinted(text: string, errors: readonly Problem[]): boolean {
  const start = text.trimStart().slice(0, 200);
  if (start.startsWith('{')) return false;
  if (!start.startsWith('[') || /^\[[^[\],"']*[A-Za-z][^[\],"']*\]/.test(start)) return true;
  if (errors.some(({ code }) => code === 'bracket-unclosed' || code === 'array-too-deep')) {
    return false;
  }
  return errors.some(({ code, range }) => {
    if (code === 'comma-missing' || code === 'number-malformed') return true;
    return (
      code === 'not-a-number' &&
      /^[-+]?(?:nan|inf)/i.test(text.slice(range?.start, (range?.start ?? 0) + 4))
    );
  });
}

function isJsonName(label: string): boolean {
  return /\.(json|jsonc|jsonl|ndjson)$/i.test(label);
}

/** Work for a search of text given on purpose: the densest, `[1] [1] …`, takes a little over this. */
const workPerCharacter = 80;

/** Tensors as code and consoles print them: `tensor([[1., 2.]])`, `[[1 2] [3 4]]`. */
function findPrinted(label: string, text: string): Result<NamedTensor[]> {
  const range = { start: 0, end: text.length };
  const { literals, complete } = searchLiterals(text, range, textLanguage, {
    limit: text.length,
    work: defaultWork + workPerCharacter * text.length,
  });
  if (!complete) {
    return fail('too-many-literals', `${label} is too tangled to find every tensor in: give less.`);
  }
  const whole = literals.flatMap(literal => {
    return literal.content.kind === 'tensor' ? [{ literal, content: literal.content }] : [];
  });
  const named = whole.map(({ literal, content }, index) => {
    const name = literal.name === '' ? nameless(index, whole.length) : literal.name;
    return { name, tensor: content.tensor, range: literal.range };
  });
  return ok(named);
}

function nameless(index: number, count: number): string {
  return count === 1 ? 'input' : `tensor${index + 1}`;
}
