/** Entries of a table of lengths beyond which lists are matched from their start only. */
const mostEntries = 1 << 24;

/**
 * The longest common subsequence of two lists of numbers, as pairs of places, in order (Wagner and Fischer 1974).
 * Lists that are too long for its table are matched as far as they begin alike.
 */
export function longestCommon(
  a: readonly number[],
  b: readonly number[],
): (readonly [i: number, j: number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const alike = Array.from({ length: start }, (_, i) => [i, i] as const);
  const [n, m] = [a.length - start, b.length - start];
  if (n === 0 || m === 0 || n * m > mostEntries) return alike;
  const rest = matchRest(a.slice(start), b.slice(start));
  return [...alike, ...rest.map(([i, j]) => [i + start, j + start] as const)];
}

function matchRest(
  a: readonly number[],
  b: readonly number[],
): (readonly [i: number, j: number])[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
