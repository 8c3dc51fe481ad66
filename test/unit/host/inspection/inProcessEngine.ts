import { createEngine } from '../../../../src/engine/engine';
import type { EngineApi } from '../../../../src/protocol/engine';
import type { CellSubject } from '../../../../src/protocol/engineCells';
import { connect, serve, type Client, type Port } from '../../../../src/protocol/rpc';

/** Two ports that carry structured clones to each other, as a worker thread's do. */
function portPair(): [Port, Port] {
  const listeners: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [
    new Set(),
    new Set(),
  ];
  const port = (own: 0 | 1): Port => ({
    post: message => {
      const clone: unknown = structuredClone(message);
      setImmediate(() => {
        for (const listener of [...listeners[own === 0 ? 1 : 0]]) listener(clone);
      });
    },
    listen: listener => {
      listeners[own].add(listener);
      return () => void listeners[own].delete(listener);
    },
  });
  return [port(0), port(1)];
}

/** The real engine behind the real rpc, in this process. `restart` loses its tensors, as a crash does. */
export class InProcessEngine {
  /** Requests by method, in order. */
  readonly requests: string[] = [];
  #life = 0;
  #run = startEngine();
  /** Handles of the present life: a client's ids are never given twice. */
  readonly #ids = new Map<number, { life: number; id: number }>();
  #nextId = 1;

  readonly client: Client<EngineApi> = {
    check: (source, call) => this.#ask('check', engine => engine.check(source, call)),
    locate: (request, call) => this.#ask('locate', engine => engine.locate(request, call)),
    open: (source, call) =>
      this.#ask('open', async engine => {
        const opened = await engine.open(source, call);
        return opened.ok
          ? { ok: true, value: { ...opened.value, input: this.#out(opened.value.input) } }
          : opened;
      }),
    catalog: (request, call) => this.#ask('catalog', engine => engine.catalog(request, call)),
    openEntry: (request, call) =>
      this.#ask('openEntry', async engine => {
        const opened = await engine.openEntry(request, call);
        return opened.ok
          ? { ok: true, value: { ...opened.value, input: this.#out(opened.value.input) } }
          : opened;
      }),
    readLayer: (request, call) => this.#ask('readLayer', engine => engine.readLayer(request, call)),
    load: (tensor, call) =>
      this.#ask('load', async engine => {
        const loaded = await engine.load(tensor, call);
        return loaded.ok ? { ok: true, value: this.#out(loaded.value) } : loaded;
      }),
    step: (request, call) =>
      this.#ask('step', async engine => {
        const input = this.#in(request.input);
        if (input === undefined) return lost;
        const stepped = await engine.step({ ...request, input }, call);
        return stepped.ok
          ? { ok: true, value: { ...stepped.value, output: this.#out(stepped.value.output) } }
          : stepped;
      }),
    read: (request, call) =>
      this.#ask('read', async engine => {
        const tensor = this.#in(request.tensor);
        return tensor === undefined ? lost : engine.read({ ...request, tensor }, call);
      }),
    cells: (request, call) =>
      this.#ask('cells', async engine => {
        const of = this.#subject(request.of);
        return of === undefined ? lost : engine.cells({ ...request, of }, call);
      }),
    spread: (request, call) =>
      this.#ask('spread', async engine => {
        const of = this.#subject(request.of);
        return of === undefined ? lost : engine.spread({ ...request, of }, call);
      }),
    histogram: (request, call) =>
      this.#ask('histogram', async engine => {
        const tensor = this.#in(request.tensor);
        return tensor === undefined ? lost : engine.histogram({ ...request, tensor }, call);
      }),
    extremes: (request, call) =>
      this.#ask('extremes', async engine => {
        const input = this.#in(request.input);
        return input === undefined ? lost : engine.extremes({ ...request, input }, call);
      }),
    ratios: (request, call) =>
      this.#ask('ratios', async engine => {
        const [a, b] = [this.#in(request.a), this.#in(request.b)];
        return a === undefined || b === undefined
          ? lost
          : engine.ratios({ ...request, a, b }, call);
      }),
    compare: (request, call) =>
      this.#ask('compare', async engine => {
        const [a, b] = [this.#in(request.a), this.#in(request.b)];
        return a === undefined || b === undefined
          ? lost
          : engine.compare({ ...request, a, b }, call);
      }),
    copy: (tensor, call) =>
      this.#ask('copy', async engine => {
        const id = this.#in(tensor);
        if (id === undefined) return lost;
        const copied = await engine.copy(id, call);
        return copied.ok ? { ok: true, value: this.#out(copied.value) } : copied;
      }),
    gradients: (request, call) =>
      this.#ask('gradients', async engine => {
        const input = this.#in(request.input);
        return input === undefined ? lost : engine.gradients({ ...request, input }, call);
      }),
    preview: (request, call) => this.#ask('preview', engine => engine.preview(request, call)),
    close: (tensor, call) =>
      this.#ask('close', async engine => {
        const id = this.#in(tensor);
        return id === undefined ? { ok: true, value: null } : engine.close(id, call);
      }),
    memory: (_, call) => this.#ask('memory', engine => engine.memory(null, call)),
  };

  restart(): void {
    this.#life++;
    this.#run = startEngine();
  }

  async tensors(): Promise<number> {
    const memory = await this.client.memory(null);
    if (!memory.ok) throw new Error(memory.problem.message);
    return memory.value.numTensors;
  }

  #ask<T>(method: string, run: (engine: Client<EngineApi>) => Promise<T>): Promise<T> {
    this.requests.push(method);
    return run(this.#run);
  }

  #out<T extends { readonly id: number }>(handle: T): T {
    const id = this.#nextId++;
    this.#ids.set(id, { life: this.#life, id: handle.id });
    return { ...handle, id };
  }

  #subject({ tensor: id, minus: other }: CellSubject): CellSubject | undefined {
    const tensor = this.#in(id);
    const minus = other === undefined ? undefined : this.#in(other);
    if (tensor === undefined || (other !== undefined && minus === undefined)) return undefined;
    return minus === undefined ? { tensor } : { tensor, minus };
  }

  #in(id: number): number | undefined {
    const known = this.#ids.get(id);
    return known?.life === this.#life ? known.id : undefined;
  }
}

const lost = {
  ok: false,
  problem: { code: 'engine-restarted', severity: 'error', message: 'started anew' },
} as const;

function startEngine(): Client<EngineApi> {
  const [mine, theirs] = portPair();
  serve<EngineApi>(theirs, createEngine());
  return connect<EngineApi>(mine).api;
}
