import { ok, type Result } from '../../../core/problem';
import { allocateBlocks, freeBlocks } from '../../memory/blocks';
import type { Block } from '../../memory/engineMemory';
import type { InputStatistics } from '../moments';
import type { PartKernel } from '../pass';
import type { Device } from './device';
import { SimdPass } from './simdPass';
import { channelsOf, partsWithTotals, tileRows, type Part, type Walk } from './walk';

/** Numbers of the totals of 8 columns (assembly/rowMoments.ts). */
const groupNumbers = 16;

/**
 * How large the square of a mean may be beside the variance, for the variance to be taken from sums
 * about 0: the digits that cancel then leave it right to 10⁻¹³. Beyond, sums about the mean are taken.
 */
const cancels = 256;

/**
 * Moments of a tensor's channels in float64: sums and sums of squares about 0, and, only where those
 * would cancel, a second time about the mean that the first gave.
 */
export class SimdMoments extends SimdPass {
  private readonly channels: Int32Array;
  private shifted = false;

  private constructor(
    device: Device,
    walk: Walk,
    cuts: readonly Part[],
    private readonly into: InputStatistics,
    private readonly blocks: Readonly<Record<'totals' | 'shifts', Block>>,
  ) {
    super(device, walk, cuts);
    this.channels = channelsOf(walk);
  }

  static open(device: Device, walk: Walk, into: InputStatistics): Result<SimdMoments> {
    const cuts = partsWithTotals(walk);
    const sizes = { totals: cuts.length * totalsBytes(walk), shifts: walk.columns * 8 };
    const blocks = allocateBlocks(device.memory, sizes);
    return blocks.ok ? ok(new SimdMoments(device, walk, cuts, into, blocks.value)) : blocks;
  }

  override finish(): boolean {
    const { kernels } = this.device;
    const { totals } = this.blocks;
    kernels.mergeTotals(totals.address, totalsBytes(this.walk), this.cuts.length);
    if (this.shifted) {
      this.takeShifted();
      return false;
    }
    this.takePlain();
    const { mean, variance } = this.into;
    if (!mean.some((m, c) => m * m > cancels * (variance[c] as number))) return false;
    this.shiftByMean();
    return true;
  }

  dispose(): void {
    freeBlocks(this.device.memory, this.blocks);
  }

  protected kernel(): PartKernel {
    const { kind } = this.walk;
    if (this.shifted) return kind === 'rows' ? 'addRowsShifted' : 'addRunsShifted';
    return kind === 'rows' ? 'addRows' : 'addRuns';
  }

  protected argumentsOf(index: number, x: Float32Array): readonly number[] {
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const totals = this.blocks.totals.address + index * totalsBytes(this.walk);
    const shifts = this.shifted ? [this.blocks.shifts.address] : [];
    if (kind === 'rows') {
      const first = x.byteOffset + from * columns * 4;
      return [first, to - from, columns, tileRows, totals, ...shifts];
    }
    const { channels, inner } = layout;
    return [x.byteOffset, from, to, channels, inner, begin, count, totals, ...shifts];
  }

  protected tail(x: Float32Array): void {
    const totals = this.totals();
    const shifts = this.shifts();
    for (let at = this.walk.whole; at < x.length; at++) {
      const column = at - this.walk.whole;
      const value = (x[at] as number) - (this.shifted ? (shifts[column] as number) : 0);
      const sum = sumAt(column);
      totals[sum] = (totals[sum] as number) + value;
      totals[sum + 8] = (totals[sum + 8] as number) + value * value;
    }
  }

  private takePlain(): void {
    const { n, mean, variance } = this.into;
    const { sums, squares } = this.gathered();
    for (let c = 0; c < mean.length; c++) {
      const count = n[c] as number;
      const average = (sums[c] as number) / count;
      mean[c] = average;
      variance[c] = notNegative((squares[c] as number) / count - average * average);
    }
  }

  private takeShifted(): void {
    const { n, mean, variance } = this.into;
    const { sums, squares } = this.gathered();
    for (let c = 0; c < mean.length; c++) {
      const count = n[c] as number;
      const offset = (sums[c] as number) / count;
      // A mean that is not finite was no shift, and stays as it is.
      if (Number.isFinite(mean[c])) mean[c] = (mean[c] as number) + offset;
      variance[c] = notNegative((squares[c] as number) / count - offset * offset);
    }
  }

  /** Sums and sums of squares, channel by channel. */
  private gathered(): { readonly sums: Float64Array; readonly squares: Float64Array } {
    const totals = this.totals();
    const channels = this.into.mean.length;
    const sums = new Float64Array(channels);
    const squares = new Float64Array(channels);
    this.channels.forEach((c, column) => {
      if (c < 0) return;
      const at = sumAt(column);
      sums[c] = (sums[c] as number) + (totals[at] as number);
      squares[c] = (squares[c] as number) + (totals[at + 8] as number);
    });
    return { sums, squares };
  }

  private shiftByMean(): void {
    const shifts = this.shifts();
    this.channels.forEach((channel, column) => {
      const shift = channel < 0 ? 0 : (this.into.mean[channel] as number);
      shifts[column] = Number.isFinite(shift) ? shift : 0;
    });
    this.shifted = true;
  }

  /** Those of the first part, to which the others are added. */
  private totals(): Float64Array {
    return this.device.memory.float64(this.blocks.totals, this.walk.columns * 2);
  }

  private shifts(): Float64Array {
    return this.device.memory.float64(this.blocks.shifts, this.walk.columns);
  }
}

/** Bytes of the totals of a part. */
function totalsBytes({ columns }: Walk): number {
  return (columns / 8) * groupNumbers * 8;
}

/** Where a column's sum is among the totals; its sum of squares is 8 further. */
function sumAt(column: number): number {
  return (column >> 3) * groupNumbers + (column & 7);
}

/** NaN stays NaN. */
function notNegative(variance: number): number {
  return variance < 0 ? 0 : variance;
}
