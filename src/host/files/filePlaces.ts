import type { Result } from '../../core/problem';
import type { TensorFile } from '../../protocol/engineFiles';
import type { FileStamp } from './fileEngine';

/** Where files are, for the engine. */
export interface FilePlaces {
  /** A problem where the engine cannot get at it. */
  locate(uri: string): Promise<Result<TensorFile>>;
  /** @returns undefined where there is no such file */
  stamp(uri: string): Promise<FileStamp | undefined>;
  /** The address of a file beside another. @param path from the folder on */
  beside(uri: string, path: string): string;
}
