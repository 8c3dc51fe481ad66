import type { Result } from '../../core/problem';
import type { FileLayer } from '../files/fileEngine';
import type { EngineClient } from '../inspection/inputLoader';
import type { LoadedInput } from '../inspection/loadedInput';
import type { ModuleSource, VariableSource } from '../inspection/source';

/** Reads what a program holds that is paused in a debugger. */
export interface VariableReader {
  /** Reads a tensor into the engine. */
  tensor(
    source: VariableSource,
    engine: EngineClient,
    signal: AbortSignal,
  ): Promise<Result<LoadedInput>>;
  /** Reads the parameters and flags of a batch-norm layer. */
  layer(source: ModuleSource, signal: AbortSignal): Promise<Result<FileLayer>>;
}
