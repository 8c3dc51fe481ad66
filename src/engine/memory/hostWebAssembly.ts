/** The part of the standard `WebAssembly` that the engine uses: TypeScript has it in its DOM types alone. */
interface HostWebAssembly {
  readonly Memory: new (options: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => CompiledModule;
  readonly Instance: new (
    module: CompiledModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
}

/** A shared `WebAssembly.Memory`. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** @throws RangeError where there is no room */
  grow(pages: number): number;
}

/** A `WebAssembly.Module`: may be posted to other threads. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]?: string;
}

export const hostWebAssembly = (globalThis as unknown as { readonly WebAssembly: HostWebAssembly })
  .WebAssembly;
