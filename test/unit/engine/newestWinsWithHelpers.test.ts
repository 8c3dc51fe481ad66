import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  allowHelpers,
  dismissHelpers,
  sharedFrom,
  teamFor,
} from '../../../src/engine/threads/threadTeam';
import { describeNewestWins } from './newestWins';
import { buildHelpers, type HelperBundles } from './threads/helperBundles';
import { ready } from './threads/runShared';

const log: string[] = [];
let bundles: HelperBundles;

beforeAll(async () => {
  bundles = await buildHelpers();
  allowHelpers({ start: bundles.start, helpers: 2, log: text => log.push(text) });
});

afterAll(async () => {
  expect(teamFor(sharedFrom)?.ready).toBe(2);
  expect(log).toEqual([]);
  await dismissHelpers();
  await bundles.dispose();
});

it('two helpers are there', async () => {
  await ready(teamFor(sharedFrom) ?? expect.fail('no team'), 2);
});

describeNewestWins();
