import type { Upstream } from '../core/batchnorm/upstream';
import { fail, ok, type Result } from '../core/problem';
import { findTensor, listNames, type Source, type SourceTensor } from './source';
import type { Sources } from './sources';

/** Where the backward pass of `--gradients` starts. */
export interface ChosenUpstream {
  readonly upstream: Upstream;
  /** `ones`, `random:7`, or the tensor's file and name. */
  readonly label: string;
}

/**
 * Reads `--gradients`: `ones`, `random` with `:SEED` or without, or a tensor of the main file or of another.
 * A tensor that is called so in the main file goes before the words.
 */
export async function chooseUpstream(
  option: string | undefined,
  main: Source,
  sources: Sources,
): Promise<Result<ChosenUpstream | undefined>> {
  if (option === undefined) return ok(undefined);
  const here = findTensor(main, option);
  if (here.ok) return given(main, here.value);
  if (option === 'ones') return ok({ upstream: { kind: 'ones' }, label: 'ones' });
  const random = /^random(?::(.*))?$/.exec(option);
  if (random) return randomUpstream(random[1]);
  const opened = await sources.open(option);
  if (!opened.ok) {
    return opened.problem.code === 'file-missing' ? unknownUpstream(option, main) : opened;
  }
  const { source, name } = opened.value;
  const [only] = source.tensors;
  if (name === undefined && source.tensors.length !== 1) {
    return fail(
      'upstream-ambiguous',
      `${source.label} holds ${listNames(source)}: name one of them with --gradients ${option}#NAME.`,
    );
  }
  const found = findTensor(source, name ?? only?.name ?? '');
  return found.ok ? given(source, found.value) : found;
}

async function given(
  { label }: Source,
  { name, load }: SourceTensor,
): Promise<Result<ChosenUpstream>> {
  const loaded = await load();
  if (!loaded.ok) return loaded;
  return ok({
    upstream: { kind: 'given', tensor: loaded.value.tensor },
    label: `${label}#${name}`,
  });
}

/** The engine says which seeds there are; what is no number at all is no seed. */
function randomUpstream(text = '0'): Result<ChosenUpstream> {
  if (!/^\d+$/.test(text)) {
    return fail('usage', `"${text}" is no seed: give --gradients random:7, or random alone.`);
  }
  const seed = Number(text);
  return ok({ upstream: { kind: 'random', seed }, label: `random:${seed}` });
}

function unknownUpstream(option: string, main: Source): Result<never> {
  return fail(
    'no-such-name',
    `--gradients is "${option}", which is no file and no name in ${main.label}: give ones, random, random:SEED, a file or one of ${listNames(main)}.`,
  );
}
