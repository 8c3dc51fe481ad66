import { describe, expect, it } from 'vitest';
import { despiteStolenFocus } from '../../../../src/host/commands/stolenFocus';

/** A prompt that is closed without an answer after each of the given times, and then answered. */
function prompt(...closedAfter: number[]): {
  answer: () => Promise<string | undefined>;
  shown: () => number;
} {
  let time = 0;
  let shown = 0;
  const show = (): Promise<string | undefined> => {
    const open = closedAfter[shown++];
    time += open ?? 0;
    return Promise.resolve(open === undefined ? 'answer' : undefined);
  };
  const clock = { now: () => time, wait: () => Promise.resolve() };
  return { answer: () => despiteStolenFocus(show, clock), shown: () => shown };
}

describe('a prompt over a webview', () => {
  it('is shown once where it is answered', async () => {
    const answered = prompt();
    await expect(answered.answer()).resolves.toBe('answer');
    expect(answered.shown()).toBe(1);
  });

  it('comes back where it was closed sooner than by hand', async () => {
    const stolen = prompt(180);
    await expect(stolen.answer()).resolves.toBe('answer');
    expect(stolen.shown()).toBe(2);
  });

  it('comes back once only', async () => {
    const left = prompt(180, 180);
    await expect(left.answer()).resolves.toBeUndefined();
    expect(left.shown()).toBe(2);
  });

  it('stays closed where a person left it', async () => {
    const left = prompt(900);
    await expect(left.answer()).resolves.toBeUndefined();
    expect(left.shown()).toBe(1);
  });
});
