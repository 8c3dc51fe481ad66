import type { SeriesOrigin } from '../../protocol/series';
import { isRecord } from '../guards';

export const seriesViewType = 'normscope.series';

/** Reads back where a page's checkpoints come from. @returns undefined for anything unexpected */
export function parseOrigin(value: unknown): SeriesOrigin | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, uri, uris, pattern } = value;
  if (kind === 'folder' && typeof uri === 'string') return { kind, uri };
  if (kind === 'glob' && typeof pattern === 'string') return { kind, pattern };
  if (kind !== 'files' || !Array.isArray(uris)) return undefined;
  const addresses: readonly unknown[] = uris;
  const texts = addresses.filter(address => typeof address === 'string');
  return texts.length === addresses.length && texts.length > 0 ? { kind, uris: texts } : undefined;
}
