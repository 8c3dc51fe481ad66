import { unknown } from '../evaluation';
import type { LibraryFunction } from './callable';

const drawn: LibraryFunction = (_, path) =>
  unknown(`${path} draws random numbers, seeded or not: only a run has them`);

const uninitialised: LibraryFunction = (_, path) => unknown(`${path} leaves its memory as it is`);

const names =
  'rand randn randint random random_sample uniform normal standard_normal choice permutation rand_like randn_like' +
  ' truncated_normal truncatedNormal randomNormal randomUniform gamma_distribution poisson binomial';

/** Functions whose values nobody can tell without running them. */
export const random: ReadonlyMap<string, LibraryFunction> = new Map([
  ...names.split(' ').map((name): [string, LibraryFunction] => [name, drawn]),
  ['empty', uninitialised],
  ['empty_like', uninitialised],
]);
