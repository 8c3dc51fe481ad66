import { defaultConvention } from '../core/batchnorm/conventions/registry';
import type { Known } from '../core/batchnorm/diagnose/finding';
import { resolveOnFittingAxis } from '../core/batchnorm/fittingAxis';
import { ok, type Result } from '../core/problem';
import { chooseInput } from './chosenInput';
import { chooseLayer } from './chosenLayer';
import { runSteps } from './run';
import { chooseSubject } from './runSubject';
import type { Sources } from './sources';

/** A layer over its input. */
export interface KnownRun {
  readonly layerName: string;
  readonly known: Known;
  readonly notes: readonly string[];
}

/**
 * What a run file's step makes of its input. Where there is no step, because the framework refuses it or the parameters
 * fit another axis, the layer is known all the same.
 */
export async function knownOfRun(operand: string, sources: Sources): Promise<Result<KnownRun>> {
  const given = { operands: [operand], values: {}, switches: new Set<string>() };
  const subject = await chooseSubject(given, {}, sources);
  if (!subject.ok) return (await withoutStep(operand, sources)) ?? subject;
  const { layer, flags, input, statement, layerName, notes } = subject.value;
  const ran = await runSteps(subject.value, 1, false);
  if (!ran.ok) return ran;
  const { shape } = input;
  const known: Known = {
    layer,
    flags,
    shape,
    rank: shape.length,
    stated: statement,
    trace: ran.value.trace,
  };
  return ok({ layerName, known, notes });
}

/** @returns undefined where the layer cannot be made out either */
async function withoutStep(
  operand: string,
  sources: Sources,
): Promise<Result<KnownRun> | undefined> {
  const main = await sources.open(operand);
  if (!main.ok) return undefined;
  const layer = await chooseLayer(main.value, undefined, sources);
  const input = await chooseInput(main.value, undefined, sources);
  if (!layer.ok || !input.ok) return undefined;
  const { statement, name } = layer.value;
  const { shape } = input.value.tensor;
  const resolved = resolveOnFittingAxis(statement, shape, defaultConvention);
  if (!resolved.ok) return undefined;
  const known: Known = { ...resolved.value, shape, rank: shape.length, stated: statement };
  return ok({ layerName: name, known, notes: [] });
}
