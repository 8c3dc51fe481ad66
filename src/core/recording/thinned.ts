import type { RecordedPoints } from './series';

/**
 * The points that a picture of a long series needs: of each stretch the first, the lowest, the highest
 * and the last, so that nothing that stands out is lost.
 * @param most points of the answer, at most; at least 4
 */
export function thinnedPoints(points: RecordedPoints, most: number): RecordedPoints {
  const { steps, values } = points;
  const { length } = steps;
  if (length <= most) return points;
  const stretches = Math.floor(most / 4);
  const chosen = new Set<number>();
  for (let k = 0; k < stretches; k++) {
    const start = Math.floor((k * length) / stretches);
    const end = Math.floor(((k + 1) * length) / stretches);
    let lowest = start;
    let highest = start;
    for (let i = start; i < end; i++) {
      if ((values[i] as number) < (values[lowest] as number)) lowest = i;
      if ((values[i] as number) > (values[highest] as number)) highest = i;
    }
    for (const index of [start, lowest, highest, end - 1]) chosen.add(index);
  }
  const indices = Float64Array.from(chosen).sort();
  return {
    steps: indices.map(i => steps[i] as number),
    values: indices.map(i => values[i] as number),
  };
}
