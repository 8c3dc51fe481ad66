import {
  channelRows,
  channelTable,
  type ChannelRows,
  type ChannelTable,
} from '../../core/batchnorm/channelTable';
import { orderChannels, type ChannelOrder } from '../../core/batchnorm/channelOrder';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import type { Inspection } from '../../core/batchnorm/inspection';
import type { ChannelQuery } from '../../core/batchnorm/channelTable';
import type { FixedView, RowsRequest } from '../../protocol/panel';
import type { Stepped } from '../../protocol/engine';
import { diagnose } from '../findings/lazyDoctor';
import { fixedView, fixHere, leadsTo, type AppliedFix } from './fixHere';
import type { LoadedInput } from './loadedInput';

/** A result that can be shown: an inspection and what the next step makes of its input. */
export interface Shown {
  readonly inspection: Inspection;
  readonly input: LoadedInput;
  readonly stepped: Stepped;
  readonly findings: readonly Finding[];
  /** One a finding: what its fix would set here, or empty. */
  readonly fixes: readonly string[];
  readonly table: ChannelTable;
  /** The fix that led to it, and what it did; null where something else did. */
  readonly fixed: FixedView | null;
}

/** @param applied the fix that was applied last, whether it led here or not */
export async function shownOf(
  inspection: Inspection,
  input: LoadedInput,
  stepped: Stepped,
  applied: AppliedFix | undefined,
): Promise<Shown> {
  const { layer } = inspection.present;
  const { trace } = stepped;
  const { shape, flags } = inspection;
  const findings = await diagnose({
    layer,
    trace,
    rank: shape.length,
    shape,
    flags,
    stated: inspection.statement,
    ...(input.checkpoint && { checkpoint: input.checkpoint }),
  });
  const fixes = findings.map(finding => fixHere(inspection, finding));
  const table = channelTable(layer, trace, findings);
  const fixed =
    applied && leadsTo(applied, { inspection, input })
      ? await fixedView(applied, { layer, trace }, findings)
      : null;
  return { inspection, input, stepped, findings, fixes, table, fixed };
}

/** The rows of the grid: ordered anew only when the result or the query is another. */
export class RowWindow {
  #table: ChannelTable | undefined;
  #query: ChannelQuery | undefined;
  #order: ChannelOrder | undefined;
  #request: RowsRequest = { start: 0, count: 100 };

  order(table: ChannelTable, query: ChannelQuery): ChannelOrder {
    if (!this.#order || this.#table !== table || this.#query !== query) {
      this.#order = orderChannels(table, query);
      this.#table = table;
      this.#query = query;
    }
    return this.#order;
  }

  /** Moves the window, and returns its rows. */
  moveTo(request: RowsRequest, table: ChannelTable, query: ChannelQuery): ChannelRows {
    this.#request = request;
    return this.rows(table, query);
  }

  /** The window last asked for, pulled back where there are fewer rows now. */
  rows(table: ChannelTable, query: ChannelQuery): ChannelRows {
    const { channels } = this.order(table, query);
    const { start, count } = this.#request;
    const last = Math.max(0, channels.length - count);
    return channelRows(table, channels, Math.min(start, last), count);
  }
}
