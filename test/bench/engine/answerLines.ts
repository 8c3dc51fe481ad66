import { createInterface } from 'node:readline';

/** The other end of a LineChild: answers each line, one after the other. */
export async function answerLines(answer: (words: readonly string[]) => unknown): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line.split(' ')))}\n`);
  }
}
