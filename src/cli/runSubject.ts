import { defaultConvention } from '../core/batchnorm/conventions/registry';
import type { Flags } from '../core/batchnorm/flags';
import type { BatchNormLayer } from '../core/batchnorm/layer';
import { resolveLayer, type Statement } from '../core/batchnorm/statement';
import { ok, type Problem, type Result } from '../core/problem';
import type { Tensor } from '../core/tensor/tensor';
import type { RunFile, RunFileKey, RunFileRole } from '../core/text/runFile';
import { checkRunFile } from '../core/text/runFileChecks';
import type { CommandArguments } from './command';
import { chooseInput, type ChosenInput } from './chosenInput';
import { chooseLayer, type ChosenLayer } from './chosenLayer';
import { failAt, notesOf, placed } from './source';
import type { Sources } from './sources';
import { chooseUpstream, type ChosenUpstream } from './upstreamOption';

/** The input and the layer that a run is about. */
export interface RunSubject {
  readonly input: Tensor;
  /** Positions that count, where the input's file says so. */
  readonly mask: Tensor | undefined;
  /** `seed.bn.json#input`. */
  readonly inputLabel: string;
  readonly layer: BatchNormLayer;
  readonly layerName: string;
  /** What files and options say of it. */
  readonly statement: Statement;
  readonly flags: Flags;
  /** With `--gradients`. */
  readonly upstream: ChosenUpstream | undefined;
  /** With their place: what is ignored or doubtful. */
  readonly notes: readonly string[];
}

/** Reads the files that the command line names and puts its options in place of what they say. */
export async function chooseSubject(
  given: CommandArguments,
  overrides: Partial<Statement>,
  sources: Sources,
): Promise<Result<RunSubject>> {
  const main = await sources.open(given.operands[0] as string);
  if (!main.ok) return main;
  const layer = await chooseLayer(main.value, given.values.layer, sources);
  if (!layer.ok) return layer;
  const input = await chooseInput(main.value, given.values.input, sources);
  if (!input.ok) return input;
  const upstream = await chooseUpstream(given.values.gradients, main.value.source, sources);
  if (!upstream.ok) return upstream;
  const used = withoutNoteOn(given.values.gradients, input.value);
  const subject = resolveSubject(used, layer.value, overrides);
  return subject.ok ? ok({ ...subject.value, upstream: upstream.value }) : subject;
}

/** A key that --gradients names is of use, though no run file's. */
function withoutNoteOn(key: string | undefined, input: ChosenInput): ChosenInput {
  const isAbout = ({ code, message }: Problem): boolean =>
    code === 'key-unknown' && message.startsWith(`"${key}" `);
  return { ...input, problems: input.problems.filter(problem => !isAbout(problem)) };
}

function resolveSubject(
  input: ChosenInput,
  layer: ChosenLayer,
  overrides: Partial<Statement>,
): Result<Omit<RunSubject, 'upstream'>> {
  const worst = layer.problems.find(({ severity }) => severity === 'error');
  if (worst) return failAt(layer.source, worst);
  const statement: Statement = { ...layer.statement, ...overrides };
  const file = asRunFile(input, layer, statement, overrides);
  const checks = checkRunFile(file, defaultConvention);
  const wrong = checks.problems.find(({ severity }) => severity === 'error');
  if (wrong) return wrong.range ? failAt(input.source, wrong) : { ok: false, problem: wrong };
  const resolved = resolveLayer(statement, input.tensor.shape, defaultConvention);
  if (!resolved.ok) return resolved;
  const layerNotes = layer.problems.map(problem => placed(layer.source, problem));
  // A key that a layer was chosen by is not unknown.
  const told = input.problems.filter(({ code }) => !layer.named || code !== 'key-unknown');
  const fileNotes = [input.source, layer.source].flatMap(notesOf);
  const inputNotes = [...told, ...checks.problems].map(problem => placed(input.source, problem));
  return ok({
    input: input.tensor,
    mask: input.mask?.tensor,
    inputLabel: `${input.source.label}#${input.name}`,
    ...resolved.value,
    layerName: layer.name,
    statement,
    notes: [...new Set([...fileNotes, ...inputNotes, ...layerNotes])],
  });
}

/** The checks of a run file say where; what an option or another file says has no place in the input's. */
function asRunFile(
  input: ChosenInput,
  layer: ChosenLayer,
  statement: Statement,
  overrides: Partial<Statement>,
): RunFile {
  const keys: Partial<Record<RunFileRole, RunFileKey>> = {};
  if (layer.source === input.source) {
    for (const [role, key] of Object.entries(layer.keys)) {
      if (!(role in overrides)) keys[role as RunFileRole] = key;
    }
  }
  const { mask } = input;
  if (mask?.key) keys.mask = mask.key;
  return {
    input: input.tensor,
    inputName: input.name,
    statement,
    ...(mask && { mask: mask.tensor }),
    keys: { ...keys, input: input.key },
    unknownKeys: layer.unknownKeys,
    problems: [],
  };
}
