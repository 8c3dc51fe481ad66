import { fail } from '../../core/problem';

export const nothingOpen = fail('nothing-open', 'There is no result to work on yet.');

export const closed = fail(
  'inspection-closed',
  'The inspection was closed meanwhile: open it again.',
);
