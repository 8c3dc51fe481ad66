import type { TokenSpan } from '../../bindings';
import type { Call } from '../../calls';
import type { CodeFile } from '../../codeFile';
import { blockSpan, callsOf, declaredName, functionOf, isWithin, lastPart } from './places';

/** A part of a file that evaluates and does not train. */
export interface Evaluation {
  /** Of the function, or of the `with`: by its header. */
  readonly header: number;
  readonly kind: 'function' | 'block';
  /** Whether its name says that it evaluates. */
  readonly isNamed: boolean;
  /** The function that it is, or is in. */
  readonly scope: number;
  readonly span: TokenSpan;
}

const evaluates = /^_*(?:test|eval|evaluate|evaluation|validate|validation)(?:_|\d|$)/i;

/** Names that only what evaluates has: its data, and its score. `valid` alone is a GAN's label, `eval_net` a DQN's network. */
const ofEvaluations =
  /^(?:[xy]_)?(?:test|validation|eval)(?:_(?!net|model)|loader|set|data|$)|^(?:[xy]_)?valid(?:_|loader|set|data)|^val(?:_|loader|set|data)|^n?_?correct(?:$|_)|^accuracy/i;

/** No gradients are taken under these, as an evaluation wants it; others do too, and are told by what they name. */
const gradientFree = /^(?:no_grad|inference_mode)$/;

/** Parts of a file that evaluate: functions called so, and blocks without gradients that name their data or score. */
export function findEvaluations(file: CodeFile): readonly Evaluation[] {
  const backward = file.calls
    .filter(({ path }) => lastPart(path) === 'backward')
    .map(({ callee }) => callee.first);
  const found: Evaluation[] = [];
  file.statements.all.forEach(({ kind, first }, header) => {
    const isFunction = kind === 'function';
    if (!isFunction && !(kind === 'context' && hasWord(file, header, gradientFree))) return;
    const span = blockSpan(file, header);
    if (backward.some(token => isWithin(token, span))) return;
    const isNamed = isFunction && evaluates.test(declaredName(file, header));
    const isFree = !isFunction || isDecorated(file, header);
    if (!isNamed && !(isFree && namesEvaluation(file, span))) return;
    const scope = isFunction ? header : functionOf(file, first);
    // A block of a function that evaluates is part of it.
    if (found.some(around => isWithin(first, around.span))) return;
    found.push({ header, kind: isFunction ? 'function' : 'block', isNamed, scope, span });
  });
  return found;
}

function hasWord({ tokens, statements }: CodeFile, index: number, words: RegExp): boolean {
  const statement = statements.all[index];
  if (!statement) return false;
  for (let i = statement.first; i < statement.end; i++) {
    if (tokens.isName(i) && words.test(tokens.textOf(i))) return true;
  }
  return false;
}

/** `@torch.no_grad()` in the lines before a function. */
function isDecorated(file: CodeFile, header: number): boolean {
  const { statements, tokens } = file;
  for (let at = header - 1; at >= 0; at--) {
    const statement = statements.all[at];
    if (!statement || !tokens.is(statement.first, '@')) return false;
    if (hasWord(file, at, gradientFree)) return true;
  }
  return false;
}

function namesEvaluation({ tokens }: CodeFile, { first, end }: TokenSpan): boolean {
  for (let i = first; i < end; i++) {
    if (tokens.isName(i) && ofEvaluations.test(tokens.textOf(i))) return true;
  }
  return false;
}

/** Where a model is trained: the first forward of it in a function that also goes backward. */
export interface Training {
  readonly forward: Call;
  readonly backward: Call;
  readonly scope: number;
}

/** @param path of the model @returns undefined where the file does not train it in a loop with `step()` */
export function findTraining(file: CodeFile, path: string): Training | undefined {
  if (!file.calls.some(call => lastPart(call.path) === 'step')) return undefined;
  for (const backward of file.calls) {
    if (lastPart(backward.path) !== 'backward') continue;
    const scope = functionOf(file, backward.callee.first);
    const forward = callsOf(file, scope).find(call => call.path === path);
    if (forward) return { forward, backward, scope };
  }
  return undefined;
}
