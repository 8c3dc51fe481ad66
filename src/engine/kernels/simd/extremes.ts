import { ok, type Result } from '../../../core/problem';
import type { Block } from '../../memory/engineMemory';
import type { InputStatistics } from '../moments';
import type { Pass } from '../pass';
import type { Device } from './device';
import { channelsOf, partsOf, tileRows, type Part, type Walk } from './walk';

/** Minima and maxima of a tensor's channels. */
export class SimdExtremes implements Pass {
  readonly parts: number;
  private readonly cuts: readonly Part[];

  private constructor(
    private readonly device: Device,
    private readonly walk: Walk,
    private readonly into: InputStatistics,
    private readonly totals: Block,
  ) {
    this.cuts = partsOf(walk);
    this.parts = this.cuts.length;
    const views = this.views();
    for (let at = 0; at < views.length; at += 16) {
      views.fill(Infinity, at, at + 8).fill(-Infinity, at + 8, at + 16);
    }
  }

  static open(device: Device, walk: Walk, into: InputStatistics): Result<SimdExtremes> {
    const totals = device.memory.allocate(walk.columns * 8);
    return totals.ok ? ok(new SimdExtremes(device, walk, into, totals.value)) : totals;
  }

  part(index: number, x: Float32Array): void {
    const { kernels } = this.device;
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const totals = this.totals.address;
    if (kind === 'rows') {
      const first = x.byteOffset + from * columns * 4;
      kernels.rowExtremes(first, to - from, columns, tileRows, totals);
    } else {
      const { channels, inner } = layout;
      kernels.runExtremes(x.byteOffset, from, to, channels, inner, begin, count, totals);
    }
    if (index === this.parts - 1) this.addTail(x);
  }

  finish(): boolean {
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

  private addTail(x: Float32Array): void {
    const views = this.views();
    for (let from = this.walk.whole; from < x.length; from++) {
      const at = lowAt(from - this.walk.whole);
      const value = x[from] as number;
      if (value < (views[at] as number)) views[at] = value;
      if (value > (views[at + 8] as number)) views[at + 8] = value;
    }
  }

  private views(): Float32Array {
    return this.device.memory.float32(this.totals, this.walk.columns * 2);
  }
}

/** Where a column's minimum is among the totals; its maximum is 8 further. */
function lowAt(column: number): number {
  return (column >> 3) * 16 + (column & 7);
}
