import { formatFloat32, formatSignificant } from '../core/text/format';
import type { Column } from './table';

/** Columns of a table with a row for each channel. */
export interface ChannelColumns {
  readonly channel: Column;
  /** Values that are float32, to the last digit that says which. */
  readonly stored: (head: string, values: Float64Array) => Column;
  /** Values that were computed in float64; empty where there are none. */
  readonly computed: (head: string, values: Float64Array | null) => Column;
  /** Numbers of elements; empty where there are none. */
  readonly count: (head: string, values: Float64Array) => Column;
}

/** @param shown how many channels */
export function channelColumns(shown: number): ChannelColumns {
  const column = (head: string, cell: (channel: number) => string): Column => ({
    head,
    align: 'right',
    cells: Array.from({ length: shown }, (_, c) => cell(c)),
  });
  return {
    channel: column('channel', String),
    stored: (head, values) => column(head, c => formatFloat32(values[c] as number)),
    computed: (head, values) =>
      column(head, c => (values === null ? '' : formatSignificant(values[c] as number, 7))),
    count: (head, values) => column(head, c => (values[c] === 0 ? '' : String(values[c]))),
  };
}
