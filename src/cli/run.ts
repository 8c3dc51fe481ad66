import { ok, type Result } from '../core/problem';
import { sizeOf } from '../core/tensor/shape';
import type { TensorData } from '../core/tensor/tensor';
import type { EngineApi } from '../protocol/engine';
import type { Handlers } from '../protocol/rpc';
import { toWireLayer } from '../protocol/wireLayer';
import type { Command, CommandArguments, CommandOption, Report } from './command';
import { readOverrides } from './overrides';
import { runGradients } from './runGradients';
import { describeRun } from './runReport';
import type { RunResult } from './runResult';
import { chooseSubject, type RunSubject } from './runSubject';
import { checkHistory, movingHistory } from './history';
import type { Sources } from './sources';

const options: readonly CommandOption[] = [
  { name: 'input', value: 'NAME|FILE[#NAME]', help: 'the input, where FILE does not say' },
  { name: 'layer', value: 'NAME|FILE[#NAME]', help: 'the layer, where FILE does not say' },
  { name: 'training', help: 'run in training mode' },
  { name: 'no-training', help: 'run in inference mode' },
  { name: 'trainable', help: 'the layer is trainable' },
  { name: 'no-trainable', help: 'the layer is frozen' },
  { name: 'convention', value: 'ID', help: "whose rules to follow: see 'normscope conventions'" },
  { name: 'axis', value: 'N', help: 'the channel axis; -1 is the last' },
  { name: 'epsilon', value: 'X', help: 'added to the variance' },
  {
    name: 'momentum',
    value: 'X|none',
    help: 'in the meaning of the convention; none is cumulative',
  },
  { name: 'steps', value: 'K', help: 'repeat the same batch K times (1)' },
  {
    name: 'gradients',
    value: 'ones|random[:SEED]|NAME|FILE[#NAME]',
    help: "the last step's backward pass, from this gradient of the output on",
  },
  { name: 'full', help: 'print the whole output, and the moving statistics after each step' },
];

/** `run FILE`: one or more batch-norm steps over an input. */
export const runCommand: Command = {
  name: 'run',
  operands: 'FILE',
  help: 'one or more batch-norm steps over an input',
  options,
  run,
};

async function run(given: CommandArguments, sources: Sources): Promise<Result<Report>> {
  const overrides = readOverrides(given);
  if (!overrides.ok) return overrides;
  const chosen = await chooseSubject(given, overrides.value.statement, sources);
  if (!chosen.ok) return chosen;
  const full = given.switches.has('full');
  const result = await runSteps(chosen.value, overrides.value.steps, full);
  return result.ok ? ok(describeRun(result.value)) : result;
}

export async function runSteps(
  subject: RunSubject,
  steps: number,
  full: boolean,
): Promise<Result<RunResult>> {
  const { layer, flags, input, mask } = subject;
  const fits = full ? checkHistory(layer.gamma.length, steps) : ok(undefined);
  if (!fits.ok) return fits;
  // tfjs takes longer to load than most other commands to run.
  const { createEngine } = await import('../engine/engine');
  const engine = createEngine();
  const { signal } = new AbortController();
  const loaded = await engine.load({ ...input, ...(mask && { mask }) }, signal);
  if (!loaded.ok) return loaded;
  const request = { input: loaded.value.id, layer: toWireLayer(layer), flags, steps };
  const stepped = await engine.step(request, signal);
  if (!stepped.ok) return stepped;
  const { trace } = stepped.value;
  const values = full
    ? await readAll(engine, stepped.value.output.id, sizeOf(input.shape))
    : undefined;
  if (values?.ok === false) return values;
  const history = full
    ? movingHistory(layer, input.shape.length, trace.batch, flags, steps)
    : undefined;
  const { upstream } = subject;
  const asked = { ...request, layer, shape: input.shape, masked: mask !== undefined, full };
  const gradients =
    upstream && (await runGradients(engine, { ...asked, batch: trace.batch, upstream }));
  if (gradients?.ok === false) return gradients;
  await engine.close(loaded.value.id, signal);
  const output = values?.value;
  return ok({ subject, layer, flags, trace, output, history, gradients: gradients?.value });
}

function readAll(
  engine: Handlers<EngineApi>,
  tensor: number,
  count: number,
): Promise<Result<TensorData>> | Result<TensorData> {
  return engine.read({ tensor, start: 0, count }, new AbortController().signal);
}
