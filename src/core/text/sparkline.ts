const blocks = '▁▂▃▄▅▆▇█';
const emptyBar = '·';

/**
 * A histogram in one line of text: one block a bar, the tallest full height, `·` where a bar is empty
 * (a low bar and an empty one are not the same thing).
 * @param bars bars to merge the counts into; a divisor of their number, or more bars than counts
 */
export function sparkline(counts: ArrayLike<number>, bars = 8): string {
  const merged = mergeBins(counts, bars);
  const tallest = Math.max(...merged);
  return merged
    .map(count => {
      if (count <= 0) return emptyBar;
      return blocks.charAt(Math.ceil((count / tallest) * blocks.length) - 1);
    })
    .join('');
}

function mergeBins(counts: ArrayLike<number>, bars: number): number[] {
  const width = Math.max(1, Math.ceil(counts.length / bars));
  const merged: number[] = new Array<number>(Math.ceil(counts.length / width)).fill(0);
  for (let i = 0; i < counts.length; i++) {
    const bar = Math.floor(i / width);
    merged[bar] = (merged[bar] as number) + (counts[i] as number);
  }
  return merged;
}
