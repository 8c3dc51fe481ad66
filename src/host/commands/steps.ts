import type { Flags } from '../../core/batchnorm/flags';
import { historyPoints } from '../../core/batchnorm/history';
import type { Inspection } from '../../core/batchnorm/inspection';
import { isIndex } from '../guards';
import type { InspectionAction } from '../inspection/actions';
import { maximumSteps } from '../inspection/session';
import { onActive, perform, type Command } from './command';
import { parseNumber } from './parseNumber';
import { ask, choose } from './prompts';

function simple(id: string, action: InspectionAction): Command {
  return onActive(id, ({ session }) => perform(session, action), false);
}

function toggle(id: string, flag: keyof Flags): Command {
  return simple(id, { kind: 'toggleFlag', flag });
}

export const toggleTraining = toggle('toggleTraining', 'training');

export const toggleTrainable = toggle('toggleTrainable', 'trainable');

export const step = simple('step', { kind: 'step', count: 1 });

export const runSteps = onActive('runSteps', async ({ session }, _context, argument) => {
  const count = isIndex(argument) && argument > 0 ? argument : await askCount();
  if (count !== undefined) await perform(session, { kind: 'step', count });
});

function askCount(): Promise<number | undefined> {
  return ask({
    title: 'Run steps',
    prompt:
      'How many steps over this batch? Each one updates the moving statistics as the flags say.',
    value: '10',
    parse: text => {
      const count = parseNumber(text);
      return count !== undefined && Number.isInteger(count) && count >= 1 && count <= maximumSteps
        ? { value: count }
        : { problem: `Give a whole number from 1 to ${maximumSteps}.` };
    },
  });
}

export const undo = simple('undo', { kind: 'undo' });

export const redo = simple('redo', { kind: 'redo' });

/** Undoes or redoes up to a state that is chosen from all there are. */
export const goToStep = onActive(
  'goToStep',
  async ({ session, inspection }, _context, argument) => {
    const index = isIndex(argument) ? argument : await chooseState(inspection);
    if (index !== undefined) await perform(session, { kind: 'goToState', index });
  },
);

function chooseState(inspection: Inspection): Promise<number | undefined> {
  const present = inspection.past.length;
  const choices = historyPoints(inspection).map(({ state, label }, index) => ({
    label: `After ${label === '' ? 'no step or edit' : label}`,
    description: state.steps === 1 ? '1 step taken' : `${state.steps} steps taken`,
    value: index,
    current: index === present,
  }));
  return choose('Go to step', choices);
}

export const reset = simple('reset', { kind: 'reset' });
