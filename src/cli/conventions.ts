import type { Convention } from '../core/batchnorm/convention';
import { conventions } from '../core/batchnorm/conventions/registry';
import { ok } from '../core/problem';
import type { Json } from '../core/text/json';
import type { Command } from './command';
import { conventionDetails } from './conventionDetails';
import { layOutTable, type Column } from './table';
import { lineWidth, wrap } from './wrap';

/** `conventions`: every convention this build knows, with its defaults. */
export const conventionsCommand: Command = {
  name: 'conventions',
  operands: '',
  help: 'the conventions this build knows, with their defaults',
  options: [{ name: 'full', help: 'every rule of each in words, and where it was read' }],
  run: ({ switches }) =>
    Promise.resolve(
      ok({
        json: conventions.map(describe),
        lines: () => (switches.has('full') ? conventions.flatMap(conventionDetails) : overview()),
        notes: [],
        status: 0,
      }),
    ),
};

function describe(convention: Convention): Json {
  const { id, name, defaults, momentum, movingVariance, verifiedByRunning, source } = convention;
  return {
    id,
    name,
    epsilon: defaults.epsilon,
    momentum: defaults.momentum,
    momentumWeighs: momentum.weighs,
    movingVariance: movingVariance.text,
    channelAxis: defaults.channelAxis,
    training: defaults.training,
    trainable: defaults.trainable,
    verifiedByRunning,
    source,
  };
}

function overview(): string[] {
  const legend = [
    'momentum: its default, the weight of the old value; where it says new, of the new one.',
    'moving variance: what of the biased variance vB of n values enters it.',
    'flags: those under which the batch normalises, and those under which the moving statistics move (t: training; t+t: training and trainable).',
    'train: whether training is on where nobody says. trainable is, everywhere.',
    'run: whether these rules were checked by running the framework; else they were read.',
    'normscope conventions --full has every rule in words, with its source.',
  ];
  return [...table(), '', ...legend.flatMap(line => wrap(line, lineWidth))];
}

function table(): string[] {
  const column = (
    head: string,
    cell: (convention: Convention) => string,
    align: Column['align'] = 'left',
  ): Column => ({ head, align, cells: conventions.map(cell) });
  return layOutTable([
    column('id', ({ id }) => id),
    column('eps', ({ defaults }) => shortNumber(defaults.epsilon), 'right'),
    column('momentum', ({ defaults, momentum }) => {
      return `${defaults.momentum ?? 'none'}${momentum.weighs === 'new' ? ' new' : ''}`;
    }),
    column('moving variance', ({ movingVariance }) =>
      movingVariance.text.replace('epsilon', 'eps'),
    ),
    column('axis', ({ defaults }) => String(defaults.channelAxis), 'right'),
    column('flags', ({ usesBatchStatistics: batch, updatesMoving: moves }) => {
      return `${shortRule(batch.text)}, ${shortRule(moves.text)}`;
    }),
    column('train', ({ defaults }) => (defaults.training ? 'on' : 'off')),
    column('run', ({ verifiedByRunning }) => (verifiedByRunning ? 'yes' : 'no')),
  ]);
}

/** 0.001 and 1e-5, where JavaScript has 0.00001. */
function shortNumber(x: number): string {
  const [plain, exponential] = [String(x), x.toExponential()];
  return exponential.length < plain.length ? exponential : plain;
}

/** `training and trainable` as t+t. */
function shortRule(text: string): string {
  return text
    .split(' and ')
    .map(flag => flag.charAt(0))
    .join('+');
}
