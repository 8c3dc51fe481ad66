import { recordedArrays, type RecordedArray, type RecordedLine } from './line';

/** The points of one statistic of one channel, by ascending step; a step has one point. */
export interface RecordedPoints {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Lines of one layer that are kept, at most; more are thinned. */
export const mostLinesKept = 20_000;

/** Lines that thinning leaves, at most: the first, the last, and one between. */
const fewestLines = 3;

/** Of each array of a layer there are its extremes: their values and their steps. */
const extremesRows = 4;

/** An array takes as much memory as so many numbers more: 290 bytes in Node, measured. */
const numbersOfAnArray = 36;

/** Numbers that a layer's lines and extremes come to, with what holds them. */
function sizeOf(lines: number, arrays: number, channels: number): number {
  return (lines + extremesRows) * arrays * (channels + numbersOfAnArray);
}

/** A line that is kept. */
export interface KeptLine extends Pick<RecordedLine, 'step' | 'n' | 'arrays'> {
  /** Among the layer's lines, from 0. */
  readonly index: number;
}

/** The lowest and the highest finite number of each channel, and when they were: they outlast thinning. */
class Extremes {
  private readonly lowest: Float64Array;
  private readonly highest: Float64Array;
  private readonly lowestStep: Float64Array;
  private readonly highestStep: Float64Array;

  constructor(channels: number) {
    this.lowest = new Float64Array(channels).fill(Infinity);
    this.highest = new Float64Array(channels).fill(-Infinity);
    this.lowestStep = new Float64Array(channels);
    this.highestStep = new Float64Array(channels);
  }

  add(step: number, values: Float64Array): void {
    for (let c = 0; c < values.length; c++) {
      const x = values[c] as number;
      if (x < (this.lowest[c] as number) && x !== -Infinity) {
        this.lowest[c] = x;
        this.lowestStep[c] = step;
      }
      if (x > (this.highest[c] as number) && x !== Infinity) {
        this.highest[c] = x;
        this.highestStep[c] = step;
      }
    }
  }

  /** Step and value, none where nothing was finite. */
  of(channel: number): readonly (readonly [step: number, value: number])[] {
    const lowest = this.lowest[channel] as number;
    if (lowest === Infinity) return [];
    return [
      [this.lowestStep[channel] as number, lowest],
      [this.highestStep[channel] as number, this.highest[channel] as number],
    ];
  }
}

/**
 * What is kept of one layer of a recording. Past a limit every other line is left out; the first, the
 * last, and each channel's lowest and highest stay.
 */
export class LayerSeries {
  readonly channels: number;
  /** As the layer's first line that says one has it. */
  convention = '';
  /** Of the layer's last line. */
  n = 0;
  /** Lines of the layer that were read. */
  lines = 0;
  /** Lines whose step was no larger than that of the line before: a run that was resumed, or two runs in one file. */
  outOfOrder = 0;
  /** One in this many lines is kept. */
  stride = 1;
  private rows: KeptLine[] = [];
  private readonly extremes = new Map<RecordedArray, Extremes>();
  private lastStep = -1;

  constructor(
    readonly name: string,
    first: RecordedLine,
    private readonly mostRows = mostLinesKept,
  ) {
    this.channels = first.channels;
  }

  /** Numbers that are held, at most, and what holds them as if it were numbers. */
  get size(): number {
    return sizeOf(this.rows.length, this.extremes.size, this.channels);
  }

  /** What `size` can be thinned to at any time, one more line included. */
  get leastSize(): number {
    return sizeOf(fewestLines + 1, this.extremes.size, this.channels);
  }

  /** The same after a line, which may bring other arrays. */
  leastSizeWith({ arrays }: Pick<RecordedLine, 'arrays'>): number {
    const present = recordedArrays.filter(name => this.has(name) || arrays[name] !== undefined);
    return sizeOf(fewestLines + 1, present.length, this.channels);
  }

  /** Whether thinning leaves something out. */
  get canBeThinned(): boolean {
    return this.rows.length > fewestLines;
  }

  /** Lines that are held. */
  get kept(): number {
    return this.rows.length;
  }

  get lastStepSeen(): number {
    return this.lastStep;
  }

  has(array: RecordedArray): boolean {
    return this.extremes.has(array);
  }

  /** @param line of this layer, with as many channels */
  add(line: RecordedLine): void {
    const { step, arrays } = line;
    if (this.convention === '') this.convention = line.convention;
    this.n = line.n;
    if (step <= this.lastStep) this.outOfOrder++;
    this.lastStep = step;
    for (const name of recordedArrays) {
      const values = arrays[name];
      if (values === undefined) continue;
      const extremes = this.extremes.get(name) ?? new Extremes(this.channels);
      this.extremes.set(name, extremes);
      extremes.add(step, values);
    }
    const last = this.rows.at(-1);
    // The last line is kept whether its turn has come or not, until there is a newer one.
    if (last !== undefined && last.index % this.stride !== 0) this.rows.pop();
    this.rows.push({ index: this.lines++, step, n: line.n, arrays });
    if (this.rows.length > this.mostRows) this.thin();
  }

  /** Leaves out every other line that is held. */
  thin(): void {
    if (!this.canBeThinned) return;
    this.stride *= 2;
    const last = this.rows.length - 1;
    this.rows = this.rows.filter(({ index }, i) => index % this.stride === 0 || i === last);
  }

  /** As the last line that is held and has the array. */
  latest(array: RecordedArray): Float64Array | undefined {
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const values = this.rows[i]?.arrays[array];
      if (values !== undefined) return values;
    }
    return undefined;
  }

  /** The newest pairs of lines whose steps follow each other, at most so many, oldest first. */
  neighbours(most: number): (readonly [before: KeptLine, after: KeptLine])[] {
    const pairs: (readonly [KeptLine, KeptLine])[] = [];
    for (let i = this.rows.length - 1; i > 0 && pairs.length < most; i--) {
      const [before, after] = [this.rows[i - 1], this.rows[i]];
      if (before && after?.step === before.step + 1) pairs.push([before, after]);
    }
    return pairs.reverse();
  }

  /** The first line that is held with a moving statistic that is NaN or infinite, and the channel. */
  get firstNonFinite(): { readonly step: number; readonly channel: number } | undefined {
    for (const { step, arrays } of this.rows) {
      for (const values of [arrays.movingMean, arrays.movingVariance]) {
        const channel = values?.findIndex(value => !Number.isFinite(value)) ?? -1;
        if (channel >= 0) return { step, channel };
      }
    }
    return undefined;
  }

  /** Of a step that came more than once the last one counts. */
  points(array: RecordedArray, channel: number): RecordedPoints {
    const byStep = new Map<number, number>();
    if (this.stride > 1) {
      for (const [step, value] of this.extremes.get(array)?.of(channel) ?? []) {
        byStep.set(step, value);
      }
    }
    for (const { step, arrays } of this.rows) {
      const value = arrays[array]?.[channel];
      if (value !== undefined) byStep.set(step, value);
    }
    const steps = Float64Array.from(byStep.keys()).sort();
    return { steps, values: steps.map(step => byStep.get(step) as number) };
  }
}
