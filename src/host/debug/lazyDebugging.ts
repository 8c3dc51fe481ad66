import type { Result } from '../../core/problem';
import type { NearbyTensor } from '../files/describeInputs';
import type { InspectionSource, ModuleSource } from '../inspection/source';
import { DisposableStore, type Disposable } from '../lifecycle';
import type { Debugging, DebuggingServices } from './debugging';
import type { VariableReader } from './variableReader';

/** Loads what looks into paused programs when it is first needed: most windows never debug a tensor. */
export class LazyDebugging implements Disposable {
  readonly #store = new DisposableStore();
  #loaded: Promise<Debugging> | undefined;

  constructor(private readonly services: () => DebuggingServices) {}

  /** Lets go of something with it. */
  own(item: Disposable): void {
    this.#store.add(item);
  }

  load(): Promise<Debugging> {
    this.#loaded ??= this.#start();
    return this.#loaded;
  }

  /** The reader of sources that are in programs. */
  readonly variables: VariableReader = {
    tensor: async (source, engine, signal) =>
      (await this.load()).reader.tensor(source, engine, signal),
    layer: async (source, signal) => (await this.load()).reader.layer(source, signal),
  };

  async sourceOf(expression: string, sessionId?: string): Promise<Result<InspectionSource>> {
    return (await this.load()).sourceOf(expression, sessionId);
  }

  async sourceOfKernel(expression: string, notebook: string): Promise<Result<InspectionSource>> {
    return (await this.load()).sourceOfKernel(expression, notebook);
  }

  /** Tensors beside a layer that it could be run over; none where its function is not paused. */
  async inputsOf(source: ModuleSource): Promise<readonly NearbyTensor[]> {
    return (await this.load()).inputsOf(source);
  }

  async lift(source: InspectionSource): Promise<void> {
    (await this.load()).lift(source);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #start(): Promise<Debugging> {
    const { createDebugging } = await import('./debugging');
    return this.#store.add(createDebugging(this.services()));
  }
}
