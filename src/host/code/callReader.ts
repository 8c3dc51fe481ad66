import type { Result } from '../../core/problem';
import type { FileLayer } from '../files/fileEngine';
import type { CallSource } from '../inspection/source';

/** Reads what a batch-norm call in code makes. */
export interface CallReader {
  layer(source: CallSource): Promise<Result<FileLayer>>;
}
