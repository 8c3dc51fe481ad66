import { fail, ok, type Problem, type Result } from '../core/problem';
import type { Tensor } from '../core/tensor/tensor';
import { readStatedMask, type StatedMask } from '../core/text/jsonTensors';
import { interpretRunFile } from '../core/text/parseRunFile';
import type { RunFileKey } from '../core/text/runFile';
import { asNote, failAt, findTensor, listNames, type Source, type Target } from './source';
import { openOption, type Sources } from './sources';

/** The tensor that a run is over. */
export interface ChosenInput {
  readonly source: Source;
  readonly tensor: Tensor;
  readonly name: string;
  readonly key: RunFileKey;
  /** Of the run file whose input it is, with its key. */
  readonly mask?: { readonly tensor: Tensor; readonly key: RunFileKey | undefined };
  readonly problems: readonly Problem[];
}

/**
 * The input that `--input` names in the main file or another; else the one that the main operand names; else
 * what the main file says its input is.
 */
export async function chooseInput(
  main: Target,
  option: string | undefined,
  sources: Sources,
): Promise<Result<ChosenInput>> {
  const { source, name } = main;
  if (option !== undefined) {
    const here = findTensor(source, option);
    if (here.ok) return namedInput(source, option);
    const other = await openOption('input', option, source, sources);
    if (!other.ok) return other;
    const target = other.value;
    const input =
      target.name === undefined
        ? await defaultInput(target.source)
        : await namedInput(target.source, target.name);
    return input.ok ? ok(withoutMaskOf(source, input.value)) : input;
  }
  if (name !== undefined && findTensor(source, name).ok) return namedInput(source, name);
  return defaultInput(source);
}

/** Of a tensor in a file that has no places. */
const nowhere = { start: 0, end: 0 };

async function namedInput(source: Source, name: string): Promise<Result<ChosenInput>> {
  const found = findTensor(source, name);
  if (!found.ok) return found;
  const { range = nowhere, load } = found.value;
  const loaded = await load();
  if (!loaded.ok) return loaded;
  const { tensor, notes } = loaded.value;
  const key = { name, keyRange: { start: range.start, end: range.start + 1 }, valueRange: range };
  const problems: Problem[] = notes.map(asNote);
  const mask = source.document && readStatedMask(source.document, problems);
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong) return failAt(source, wrong);
  const chosen = { source, tensor, name, key, problems };
  if (!mask) return ok(chosen);
  return ok(
    mask.inputName === undefined || mask.inputName === name
      ? { ...chosen, mask }
      : { ...chosen, problems: [...problems, unusedMask(mask, `"${mask.inputName}"`)] },
  );
}

/** The mask of the file of the layer is not that of an input from another file, which is said. */
function withoutMaskOf(main: Source, input: ChosenInput): ChosenInput {
  const mask = main.document && readStatedMask(main.document, []);
  if (!mask || input.source === main) return input;
  const { range: _, ...problem } = unusedMask(mask, `an input in ${main.label}`);
  return { ...input, problems: [...input.problems, problem] };
}

function unusedMask({ key }: StatedMask, about: string): Problem {
  return {
    code: 'mask-unused',
    severity: 'warning',
    message: `"${key.name}" is about ${about}, and not about the input that was named: every element of that counts.`,
    range: key.keyRange,
  };
}

/** What a run file says its input is; in other files the only tensor. */
async function defaultInput(source: Source): Promise<Result<ChosenInput>> {
  if (source.document === undefined) {
    const [only] = source.tensors;
    if (only && source.tensors.length === 1) return namedInput(source, only.name);
    return fail(
      'input-ambiguous',
      `${source.label} holds ${listNames(source)}: name one of them with --input.`,
    );
  }
  const file = interpretRunFile(source.document);
  if (!file.ok) return failAt(source, file.problems[0] as Problem);
  const { input, inputName, keys, problems, mask } = file.value;
  return ok({
    source,
    tensor: input,
    name: inputName,
    key: keys.input,
    problems,
    ...(mask && { mask: { tensor: mask, key: keys.mask } }),
  });
}
