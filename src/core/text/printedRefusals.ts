import type { Problem } from '../problem';
import type { TensorLiteral } from './literal';
import type { LanguageProfile } from './literalLanguage';

/** A printed form that is a tensor to people and holds no whole tensor of plain numbers. */
interface PrintedForm {
  /** How it begins: the match ends just before its arguments, or within what stands between `<` and `>`. */
  readonly opening: RegExp;
  /** What its text must hold besides, where its beginning is that of readable tensors too. */
  readonly holds?: RegExp;
  /** Completes “This … cannot be read: ”. */
  readonly what: string;
  readonly reason: string;
}

/** The printed forms that frameworks have and that are refused; FORMATS of each were printed by the framework itself. */
const forms: readonly PrintedForm[] = [
  {
    opening: /\bmasked_array\(/g,
    what: 'masked array',
    reason: 'its masked elements ("--") have no values. Print x.filled(nan) to see them as NaN.',
  },
  {
    opening: /\bSparseTensor\(|<tf\.SparseTensor\b/g,
    what: 'sparse tensor',
    reason: 'only its non-zero elements are printed. Print tf.sparse.to_dense(x).',
  },
  {
    opening: /\btensor\(/g,
    holds: /^(?:indices|crow_indices|ccol_indices)\s*=|layout=torch\.sparse/,
    what: 'sparse tensor',
    reason: 'only its non-zero elements are printed. Print x.to_dense().',
  },
  {
    opening: /<tf\.RaggedTensor\b/g,
    what: 'ragged tensor',
    reason:
      'its rows have different lengths, which batch norm does not run over. Print x.to_tensor().',
  },
  {
    opening: /<KerasTensor\b/g,
    what: 'Keras tensor',
    reason: 'it is symbolic and has no values yet. Print an output of the model instead.',
  },
  {
    opening: /\bTensor\("[^"\n]{0,200}"/g,
    what: 'graph tensor',
    reason: 'it is symbolic and has no values until a session runs it. Print session.run(x).',
  },
  {
    opening: /\b(?:Jit|Dynamic\w*|Batch|JVP)?Tracer\(|\bTraced<ShapedArray\(/g,
    what: 'traced value',
    reason:
      'JAX only knows its shape while it traces. Use jax.debug.print, or print it outside of jit.',
  },
  {
    opening: /\btensor\(/g,
    holds: /device='meta'/,
    what: 'meta tensor',
    reason: 'it has a shape and no values. Move the model to a real device first.',
  },
  {
    opening: /\b(?:array|tensor|Array)\(/g,
    holds: /[\d.]j\b/,
    what: 'complex tensor',
    reason: 'batch norm runs over real numbers. Print its real or imaginary part.',
  },
  {
    opening: /\barray\(/g,
    holds: /dtype=\[\(/,
    what: 'structured array',
    reason: 'its elements are records. Print one of its fields.',
  },
  {
    opening: /\barray\(/g,
    holds: /dtype=(?:object|'?<U|'\|S)|^\s*\[+\s*b?['"]/,
    what: 'array of objects',
    reason: 'its elements are no numbers.',
  },
];

/** Characters before an offset in which a form may have begun, and after that in which it ends. */
const reach = 4096;

/**
 * The printed tensor around an offset that cannot be read, with the reason.
 * @returns undefined where there is none of the forms that are known
 */
export function refusedPrint(
  text: string,
  offset: number,
  language: LanguageProfile,
): TensorLiteral | undefined {
  if (!language.printed) return undefined;
  const floor = Math.max(0, offset - reach);
  // The mark of a beginning that the offset is in, at most its own length before it.
  const around = text.slice(floor, offset + reach);
  let found: TensorLiteral | undefined;
  for (const form of forms) {
    form.opening.lastIndex = 0;
    for (let match = form.opening.exec(around); match; match = form.opening.exec(around)) {
      const start = floor + match.index;
      if (start > offset) break;
      const open = match[0].startsWith('<') ? start : start + match[0].search(/\(/);
      const end = closingOf(text, open);
      if (end === undefined || end < offset) continue;
      if (form.holds && !form.holds.test(text.slice(open + 1, end))) continue;
      // The outermost is what was printed: a sparse tensor's indices are a part of it.
      if (!found || start < found.range.start) found = refusal(form, start, end);
    }
  }
  return found;
}

/** Just after the bracket that closes the one at `open`, of round and angle ones alone. */
function closingOf(text: string, open: number): number | undefined {
  const [opens, closes] = text.charAt(open) === '<' ? ['<', '>'] : ['(', ')'];
  let depth = 0;
  for (let i = open; i < Math.min(text.length, open + reach); i++) {
    const char = text.charAt(i);
    if (char === opens) depth++;
    else if (char === closes && --depth === 0) return i + 1;
  }
  return undefined;
}

function refusal({ what, reason }: PrintedForm, start: number, end: number): TensorLiteral {
  const range = { start, end };
  const message = `This ${what} cannot be read: ${reason}`;
  const problem: Problem = { code: 'tensor-unreadable', severity: 'note', message, range };
  const content = { kind: 'malformed', problem } as const;
  return { range, outerRange: range, call: what, name: '', assignedBy: '', content };
}
