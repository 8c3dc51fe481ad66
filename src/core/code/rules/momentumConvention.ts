import { otherWeight } from '../../batchnorm/momentumRules';
import { formatSignificant } from '../../text/format';
import { unknownArguments, type BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { ArgumentRole } from '../batchNormCalls/roles';
import { codeRule, type Found } from './codeRule';

/** Weights of a batch from which the number is certainly meant the other way round. */
const heavyBatch = 0.9;

/** Names of numbers that say which way they are meant, and not the one that is found fault with. */
const saysOtherwise = /alpha|new|update|rate|minus|inv|torch|weight|step|forget/i;
const saysMomentum = /momentum|decay|^m$|^bn_m/i;

/** `nn.BatchNorm2d(64, momentum=0.99)`, `BatchNormalization(momentum=0.1)`. */
export const momentumConvention = codeRule(
  'momentum-convention',
  "Momentum in another framework's convention",
  ({ calls }) => calls.flatMap(call => turnedMomentum(call) ?? []),
);

function turnedMomentum(call: BatchNormCall): Found | undefined {
  const stated = call.arguments.find(({ role }) => role === 'momentum');
  const { momentum, tracking } = call.statement;
  // Where nothing moves, or that is not known, the number may be anything.
  const mayMove = tracking === undefined && !isOpen(call, 'tracking') && !isOpen(call, 'moves');
  if (!mayMove || !stated || stated.unknown !== undefined || typeof momentum !== 'number')
    return undefined;
  const weighsNew = call.convention.momentum.weighs === 'new';
  const weight = weighsNew ? momentum : otherWeight(momentum);
  // 1 and 0 are no slips: who writes them wants no average at all.
  if (weight < heavyBatch || weight >= 1) return undefined;
  const isNumber = /^[\d.]+(?:e-?\d+)?$/i.test(stated.text);
  if (!isNumber && (!saysMomentum.test(stated.text) || saysOtherwise.test(stated.text))) {
    return undefined;
  }
  // `1 - 0.99` was turned by somebody who knew of it.
  if (!isNumber && !/^[\w.]+$/.test(stated.text)) return undefined;
  const turned = otherWeight(momentum);
  const [here, there] = weighsNew
    ? [frameworkOf(call), 'TensorFlow, Keras and Flax']
    : [frameworkOf(call), 'PyTorch'];
  const [own, other] = weighsNew ? ['new', 'old'] : ['old', 'new'];
  const steps = formatSignificant(halfLife(weight), 2);
  const meant = formatSignificant(halfLife(otherWeight(weight)), 2);
  return {
    range: stated.range,
    message:
      `In ${here} ${stated.name} is the weight of the ${own} value: with ${momentum} each batch weighs ${formatSignificant(weight, 3)},` +
      ` and the moving statistics are halfway to any batch after ${steps} steps: they are little more than the last batch.` +
      ` In ${there} it weighs the ${other} value (halfway after ${meant} steps); the same is ${turned} here.`,
    fix: {
      label: isNumber ? `Use ${stated.name} ${turned}` : `Use 1 - ${stated.text}`,
      edits: [{ range: stated.range, text: isNumber ? String(turned) : `1 - ${stated.text}` }],
    },
    evidence: [],
  };
}

function isOpen(call: BatchNormCall, role: ArgumentRole): boolean {
  return unknownArguments(call).some(argument => argument.role === role);
}

/** Without its version, which does not matter here. */
function frameworkOf({ convention }: BatchNormCall): string {
  return convention.name.replace(/,.*$/, '');
}

/** Steps after which half of the distance to a batch that stays the same is left. */
function halfLife(weight: number): number {
  return Math.log(0.5) / Math.log(1 - weight);
}
