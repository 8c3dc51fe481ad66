import type { ChannelLayout } from '../../core/tensor/shape';
import { boxes, eachColumn, type Box, type Walk } from './box';
import type { Pass } from './pass';

/** A column of a tile, and the tensors that it is of. */
export interface Column {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly channel: number;
  /** Flat index of its first element. */
  readonly start: number;
  readonly walk: Walk;
}

/** A pass in plain loops, box by box and column by column. */
export abstract class BoxPass implements Pass {
  readonly parts: number;
  private readonly boxes: readonly Box[];

  constructor(private readonly layout: ChannelLayout) {
    this.boxes = boxes(layout);
    this.parts = this.boxes.length;
  }

  part(index: number, x: Float32Array, y: Float32Array): void {
    eachColumn(this.layout, this.boxes[index] as Box, (channel, start, walk) => {
      this.column({ x, y, channel, start, walk });
    });
  }

  finish(): boolean {
    return false;
  }

  dispose(): void {
    // It has borrowed nothing.
  }

  protected abstract column(column: Column): void;
}
