import { expect } from 'vitest';

/** A plain check: `expect` costs more than what is tested here, tens of thousands of times. */
export function must(condition: boolean | undefined, text: string): void {
  if (condition !== true) expect.fail(`does not hold for ${JSON.stringify(text)}`);
}
