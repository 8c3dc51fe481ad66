import drift from '../../../media/samples/findings/drift.bn.json';
import flagsMeaning from '../../../media/samples/findings/flags-meaning.bn.json';
import seed from '../../../media/samples/seed.bn.json';

/** A run file of 4,096 channels, some of them unwell: deterministic, so that screenshots can be compared. */
function manyChannels(channels: number, samples: number): object {
  let state = 20180507;
  const random = (): number => {
    // Numerical Recipes' linear congruential generator.
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
  const normal = (): number => random() + random() + random() + random() - 2;
  const centre = Array.from({ length: channels }, () => normal() * 3);
  const spread = Array.from({ length: channels }, () => 0.2 + random() * 2);
  const input = Array.from({ length: samples }, () =>
    centre.map((mean, c) => Number((mean + normal() * (spread[c] ?? 1)).toFixed(5))),
  );
  const each = (make: (c: number) => number): number[] =>
    Array.from({ length: channels }, (_, c) => Number(make(c).toFixed(5)));
  return {
    convention: 'pytorch',
    input,
    axis: 1,
    weight: each(c => (c % 97 === 5 ? 0 : 0.8 + random() * 0.4)),
    bias: each(() => normal() * 0.2),
    running_mean: each(c =>
      c % 61 === 7 ? 0 : (centre[c] ?? 0) + (c % 41 === 3 ? 6 : normal() * 0.1),
    ),
    running_var: each(c => (c % 61 === 7 ? 1 : c % 131 === 9 ? 0 : (spread[c] ?? 1) ** 2 / 3)),
    training: false,
  };
}

/** Images of three channels, each a pattern of its own, with a NaN and two infinities. */
function images(): string {
  const [n, height, width, channels] = [6, 40, 56, 3];
  const value = (i: number, y: number, x: number, c: number): number =>
    Number(
      (
        Math.sin((x + 7 * i) / (4 + c)) * (c + 1) +
        Math.cos((y - 3 * i) / (5 + 2 * c)) +
        (i === 4 && c === 1 ? 6 : 0)
      ).toFixed(4),
    );
  const range = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const input = range(n, i =>
    range(height, y => range(width, x => range(channels, c => value(i, y, x, c)))),
  );
  return text({ convention: 'pytorch', axis: -1, input, training: true }).replace(
    /^(.*?\[\[\[\[)([^\]]*)\],\[([^\]]*)\],\[/s,
    '$1NaN,0.5,0.25],[Infinity,1,1],[',
  );
}

const text = (value: unknown): string => JSON.stringify(value);

/** What the page is shown, by the name in its address. Text is a run file's; null is an empty panel. */
export const scenarios: Readonly<Record<string, () => string | null>> = {
  seed: () => text(seed),
  pytorch: () => text({ ...seed, convention: 'pytorch', momentum: 0.01 }),
  many: () => text(manyChannels(4096, 12)),
  special: () =>
    text({ ...seed, gamma: [2, 0, 2, 2], moving_variance: [1, -3, 0, 1] }).replace(
      '[[4,5,9,0],[7,8,9,6]]',
      '[[4,5,NaN,0],[7,8,9,Infinity]]',
    ),
  ambiguous: () =>
    text({
      input: [
        [
          [1, 2],
          [3, 5],
        ],
        [
          [4, 4],
          [7, 1],
        ],
      ],
      gamma: [1, 2],
      comment: 'which axis?',
    }),
  images,
  drift: () => text(drift),
  flags: () => text(flagsMeaning),
  failed: () => '{ "input": [[1, 2], [3]], "gamma": [1, 2] }',
  empty: () => null,
};
