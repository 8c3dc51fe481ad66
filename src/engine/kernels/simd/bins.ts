import { ok, type Result } from '../../../core/problem';
import {
  slotOf,
  slotsOf,
  type HistogramCounts,
  type HistogramRange,
} from '../../../core/statistics/histogram';
import { allocateBlocks, freeBlocks } from '../../memory/blocks';
import type { Block } from '../../memory/engineMemory';
import type { PartKernel } from '../pass';
import type { Device } from './device';
import { SimdPass } from './simdPass';
import { channelsOf, partsWithTotals, type Part, type Walk } from './walk';

/** Bins per unit that float32 holds to its full precision. */
const usable = { smallest: 1e-30, largest: 1e30 };

/** Bytes of counts, of all parts together, from which plain loops are taken. */
const mostBytes = 1 << 27;

type Blocks = Readonly<Record<'columns' | 'counts' | 'lanes', Block>>;

/** Counts of a tensor's channels in equal bins: each part has counts of its own, which are added at the end. */
export class SimdBins extends SimdPass {
  private constructor(
    device: Device,
    walk: Walk,
    cuts: readonly Part[],
    private readonly range: HistogramRange,
    private readonly into: HistogramCounts,
    private readonly blocks: Blocks,
  ) {
    super(device, walk, cuts);
  }

  static open(
    device: Device,
    walk: Walk,
    range: HistogramRange,
    into: HistogramCounts,
  ): Result<SimdBins> {
    const cuts = partsWithTotals(walk);
    const blocks = allocateBlocks(device.memory, {
      columns: walk.columns * 28,
      counts: cuts.length * partBytes(walk, range),
      lanes: cuts.length * slotsOf(range.bins) * 16,
    });
    if (!blocks.ok) return blocks;
    const pass = new SimdBins(device, walk, cuts, range, into, blocks.value);
    pass.layOut();
    return ok(pass);
  }

  /** Whether the counts of all parts are of a reasonable size. */
  static suits(walk: Walk, range: HistogramRange): boolean {
    return partsWithTotals(walk).length * partBytes(walk, range) <= mostBytes;
  }

  override finish(): boolean {
    const { into, blocks, cuts, walk, range } = this;
    const words = partBytes(walk, range) / 4;
    const counts = this.device.memory.int32(blocks.counts, cuts.length * words);
    for (let part = 0; part < cuts.length; part++) {
      for (let slot = 0; slot < into.length; slot++) {
        into[slot] = (into[slot] as number) + ((counts[part * words + slot] as number) >>> 0);
      }
    }
    return false;
  }

  dispose(): void {
    freeBlocks(this.device.memory, this.blocks);
  }

  protected kernel(): PartKernel {
    return this.walk.kind === 'rows' ? 'binRows' : 'binRuns';
  }

  protected argumentsOf(index: number, x: Float32Array): readonly number[] {
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const { bins } = this.range;
    const counts = this.blocks.counts.address + index * partBytes(this.walk, this.range);
    const places = this.blocks.columns.address;
    if (kind === 'rows') {
      return [x.byteOffset + from * columns * 4, to - from, columns, bins, places, counts];
    }
    const { channels, inner } = layout;
    const lanes = this.blocks.lanes.address + index * slotsOf(bins) * 16;
    const runs = [from, to, channels, inner, begin, count];
    return [x.byteOffset, ...runs, bins, places, columns, counts, lanes];
  }

  protected tail(x: Float32Array): void {
    const { walk, range, into } = this;
    const channels = channelsOf(walk);
    const slots = slotsOf(range.bins);
    for (let at = walk.whole; at < x.length; at++) {
      const c = channels[at - walk.whole] as number;
      const [low, high] = [range.low[c] as number, range.high[c] as number];
      const slot = c * slots + slotOf(x[at] as number, low, high, range.bins);
      into[slot] = (into[slot] as number) + 1;
    }
  }

  /** Where the kernel finds what it has to know of a column: assembly/bins.ts. */
  private layOut(): void {
    const { memory } = this.device;
    const { columns, layout } = this.walk;
    const { bins, low, high } = this.range;
    const block = this.blocks.columns;
    const singles = memory.float32(block, columns * 7);
    const firsts = memory.int32(block, columns * 7);
    const doubles = new Float64Array(columns * 2);
    channelsOf(this.walk).forEach((c, column) => {
      // Columns that stand for no channel are counted where nobody looks.
      const [from, to] = c < 0 ? [0, 0] : [low[c] as number, high[c] as number];
      const scale = bins / (to - from);
      const fits = scale > usable.smallest && scale < usable.largest;
      // A low that is no float32 is equal to nothing: every element is placed by itself.
      singles[column] = Math.fround(from) === from ? from : NaN;
      // Without a scale, every one but those on the low: their place is 0, a number, as the kernel needs it.
      singles[columns + column] = fits ? scale : 0;
      firsts[2 * columns + column] = (c < 0 ? layout.channels : c) * slotsOf(bins);
      doubles[column] = from;
      doubles[columns + column] = to;
    });
    memory.uint8(block, columns * 28).set(new Uint8Array(doubles.buffer), columns * 12);
    memory.uint8(this.blocks.counts, this.blocks.counts.bytes).fill(0);
  }
}

/** Of the counts of one part: one channel more, for columns that stand for none. */
function partBytes({ layout }: Walk, { bins }: HistogramRange): number {
  return (layout.channels + 1) * slotsOf(bins) * 4;
}
