import type { FilesSpec, FilesState } from '../../protocol/comparedFiles';
import { LazyPages } from '../panel/lazyPages';
import type { FilesPageServices } from './filesPanels';
import { comparedFilesViewType, parseFilesSpec } from './filesSpec';

export type LazyComparedFiles = LazyPages<FilesSpec, FilesState>;

/** The pages that compare two checkpoints. */
export function lazyComparedFiles(services: FilesPageServices): LazyComparedFiles {
  return new LazyPages({
    viewType: comparedFilesViewType,
    parse: parseFilesSpec,
    load: () => import('./filesPanels').then(({ FilesPanels }) => new FilesPanels(services)),
  });
}
