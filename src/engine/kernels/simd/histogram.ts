import { ok, type Result } from '../../../core/problem';
import { histogramBins } from '../../../core/statistics/channels';
import { allocateBlocks, freeBlocks } from '../../memory/blocks';
import type { Block } from '../../memory/engineMemory';
import { nearness, type InputHistogram } from '../histogram';
import type { InputStatistics } from '../moments';
import type { Pass } from '../pass';
import type { Device } from './device';
import { channelsOf, partsOf, type Part, type Walk } from './walk';

/** Bins per unit that float32 holds to its full precision. */
const usable = { smallest: 1e-30, largest: 1e30 };

type Blocks = Readonly<
  Record<
    'clear' | 'edgeValue' | 'edgeCount' | 'strays' | 'columns' | 'words' | 'lanes' | 'row',
    Block
  >
>;

/**
 * The input's histogram, as kernels/histogram.ts has it. Places are computed in float32: 2⁻¹⁸ of a bin
 * off at most, which the margin at each edge (2⁻¹⁰) swallows.
 */
export class SimdHistogram implements Pass {
  readonly parts: number;
  private readonly cuts: readonly Part[];

  private constructor(
    private readonly device: Device,
    private readonly walk: Walk,
    private readonly into: InputHistogram,
    private readonly blocks: Blocks,
  ) {
    this.cuts = partsOf(walk);
    this.parts = this.cuts.length;
  }

  static open(
    device: Device,
    walk: Walk,
    input: InputStatistics,
    into: InputHistogram,
  ): Result<SimdHistogram> {
    const blocks = allocateBlocks(device.memory, sizesOf(walk, into));
    if (!blocks.ok) return blocks;
    const pass = new SimdHistogram(device, walk, into, blocks.value);
    pass.layOut();
    pass.placeColumns(input);
    return ok(pass);
  }

  /** Whether the range of every channel is one for float32. */
  static suits({ mean, min, max }: InputStatistics): boolean {
    return mean.every((value, c) => {
      const range = (max[c] as number) - (min[c] as number);
      if (!Number.isFinite(value) || range === 0) return true;
      const bins = histogramBins / range;
      return bins > usable.smallest && bins < usable.largest;
    });
  }

  part(index: number, x: Float32Array): void {
    const { kernels } = this.device;
    const { kind, columns, layout } = this.walk;
    const { from, to, begin, count } = this.cuts[index] as Part;
    const [places, tables] = [this.blocks.columns.address, this.blocks.words.address];
    if (kind === 'rows') {
      const first = x.byteOffset + from * columns * 4;
      kernels.countRows(first, to - from, columns, places, tables);
    } else {
      const { channels, inner } = layout;
      const runs = [from, to, channels, inner, begin, count] as const;
      kernels.countRuns(x.byteOffset, ...runs, places, columns, tables);
    }
    if (index === this.parts - 1) this.countTail(x);
  }

  /** Takes the tables of the finished pass. */
  finish(): boolean {
    const { memory } = this.device;
    const { clear, edgeValue, edgeCount, strays: pairs, words } = this.blocks;
    const { into } = this;
    const size = into.clear.length;
    into.clear.set(memory.int32(clear, size));
    into.edgeValue.set(memory.float32(edgeValue, size));
    into.edgeCount.set(memory.int32(edgeCount, size));
    const found = (((memory.int32(words, 8)[3] as number) >>> 0) - pairs.address) / 4;
    const channels = memory.int32(pairs, found);
    const strays = memory.float32(pairs, found);
    for (let i = 0; i < found; i += 2) {
      into.strays.push(channels[i] as number, strays[i + 1] as number);
    }
    return false;
  }

  dispose(): void {
    freeBlocks(this.device.memory, this.blocks);
  }

  /** Where the kernel finds its tables: assembly/histogram.ts. */
  private layOut(): void {
    const { memory } = this.device;
    const { clear, edgeValue, edgeCount, strays, words, lanes } = this.blocks;
    memory.uint8(clear, clear.bytes).fill(0);
    memory.uint8(edgeCount, edgeCount.bytes).fill(0);
    const addresses = [clear, edgeValue, edgeCount, strays].map(({ address }) => address);
    const end = strays.address + strays.bytes;
    memory.int32(words, 8).set([...addresses, end, 0, lanes.address]);
    memory.float32(words, 8)[5] = nearness;
  }

  private placeColumns({ mean, min, max }: InputStatistics): void {
    const { columns, layout } = this.walk;
    const singles = this.device.memory.float32(this.blocks.columns, columns * 3);
    const firsts = this.device.memory.int32(this.blocks.columns, columns * 3);
    channelsOf(this.walk).forEach((c, column) => {
      const counted = c >= 0 && Number.isFinite(mean[c]);
      const low = counted ? (min[c] as number) : 0;
      const range = counted ? (max[c] as number) - low : 0;
      singles[column] = low;
      // A constant channel has one bin, the first.
      singles[columns + column] = range > 0 ? histogramBins / range : 0;
      firsts[2 * columns + column] = (counted ? c : layout.channels) * histogramBins;
    });
  }

  /** The few elements in no whole row: as a row of their own, whose other columns are left alone. */
  private countTail(x: Float32Array): void {
    const { columns, whole, layout } = this.walk;
    const left = x.length - whole;
    if (left === 0) return;
    const { memory, kernels } = this.device;
    const { row, columns: places, words } = this.blocks;
    const firsts = memory.int32(places, columns * 3).subarray(2 * columns);
    const kept = firsts.slice();
    firsts.fill(layout.channels * histogramBins, left);
    const lows = memory.float32(places, columns);
    memory.float32(row, columns).set(lows);
    memory.float32(row, left).set(x.subarray(whole));
    kernels.countRows(row.address, 1, columns, places.address, words.address);
    firsts.set(kept);
  }
}

function sizesOf(
  { layout, columns }: Walk,
  { strayLimit }: InputHistogram,
): Readonly<Record<keyof Blocks, number>> {
  // One channel more, for columns that are left alone.
  const table = (layout.channels + 1) * histogramBins * 4;
  return {
    clear: table,
    edgeValue: table,
    edgeCount: table,
    // One more than the limit, which shows that it was passed.
    strays: (strayLimit + 1) * 8,
    columns: columns * 12,
    words: 32,
    lanes: histogramBins * 16,
    row: columns * 4,
  };
}
