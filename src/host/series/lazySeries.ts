import type { SeriesOrigin, SeriesState } from '../../protocol/series';
import { LazyPages } from '../panel/lazyPages';
import { parseOrigin, seriesViewType } from './seriesOrigin';
import type { SeriesServices } from './seriesPanels';

export type LazySeries = LazyPages<SeriesOrigin, SeriesState>;

/** The pages of series of checkpoints. */
export function lazySeries(services: SeriesServices): LazySeries {
  return new LazyPages({
    viewType: seriesViewType,
    parse: parseOrigin,
    load: () => import('./seriesPanels').then(({ SeriesPanels }) => new SeriesPanels(services)),
  });
}
