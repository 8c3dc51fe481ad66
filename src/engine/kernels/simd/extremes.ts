import { ok, type Result } from '../../../core/problem';
import type { Block } from '../../memory/engineMemory';
import type { InputStatistics } from '../moments';
import type { PartKernel } from '../pass';
import type { Device } from './device';
import { SimdPass } from './simdPass';
import { channelsOf, partsWithTotals, tileRows, type Part, type Walk } from './walk';

/** Minima and maxima of a tensor's channels. */
export class SimdExtremes extends SimdPass {
  private constructor(
    device: Device,
    walk: Walk,
    cuts: readonly Part[],
    private readonly into: InputStatistics,
    private readonly totals: Block,
  ) {
    super(device, walk, cuts);
  }

  static open(device: Device, walk: Walk, into: InputStatistics): Result<SimdExtremes> {
    const cuts = partsWithTotals(walk);
    const totals = device.memory.allocate(cuts.length * walk.columns * 8);
    return totals.ok ? ok(new SimdExtremes(device, walk, cuts, into, totals.value)) : totals;
  }

  override finish(): boolean {
    const { kernels } = this.device;
    kernels.mergeExtremes(this.totals.address, this.walk.columns * 8, this.cuts.length);
    const views = this.views();
    const { min, max } = this.into;
    channelsOf(this.walk).forEach((c, column) => {
      if (c < 0) return;
      const at = lowAt(column);
      min[c] = Math.min(min[c] as number, views[at] as number);
      max[c] = Math.max(max[c] as number, views[at + 8] as number);
    });
    return false;
  }

  dispose(): void {
    this.device.memory.free(this.totals);
  }

  protected kernel(): PartKernel {
    return this.walk.kind === 'rows' ? 'rowExtremes' : 'runExtremes';
  }

  protected argumentsOf(index: number, x: Float32Array): readonly number[] {
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const totals = this.totals.address + index * columns * 8;
    if (kind === 'rows') {
      return [x.byteOffset + from * columns * 4, to - from, columns, tileRows, totals];
    }
    const { channels, inner } = layout;
    return [x.byteOffset, from, to, channels, inner, begin, count, totals];
  }

  protected tail(x: Float32Array): void {
    const views = this.views();
    for (let from = this.walk.whole; from < x.length; from++) {
      const at = lowAt(from - this.walk.whole);
      const value = x[from] as number;
      if (value < (views[at] as number)) views[at] = value;
      if (value > (views[at + 8] as number)) views[at + 8] = value;
    }
  }

  /** Totals of the first part, with which those of the others are put together. */
  private views(): Float32Array {
    return this.device.memory.float32(this.totals, this.walk.columns * 2);
  }
}

/** Where a column's minimum is among the totals; its maximum is 8 further. */
function lowAt(column: number): number {
  return (column >> 3) * 16 + (column & 7);
}
