import type { Convention } from '../../core/batchnorm/convention';
import type { Result } from '../../core/problem';
import type { EngineProvider } from './engineInput';
import type { SourceContent } from './loadedInput';
import type { SavedInspection } from './saved';
import type { InspectionSource } from './source';

/** Reads a source as it is now: the open document, or the file. */
export interface SourceReader {
  read(source: InspectionSource, signal: AbortSignal): Promise<Result<SourceContent>>;
  /** For a person: a path, or a document's name. */
  describe(source: InspectionSource): string;
}

export interface SessionServices {
  readonly engine: EngineProvider;
  readonly reader: SourceReader;
  /** The convention where nothing states one. */
  readonly fallback: (source: InspectionSource) => Convention;
}

/** A saved inspection under the id that its panel knows it by. */
export interface KeptInspection {
  readonly id: string;
  readonly saved: SavedInspection;
}
