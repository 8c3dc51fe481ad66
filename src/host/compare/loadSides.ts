import { layerUnder, openInspection, type Inspection } from '../../core/batchnorm/inspection';
import { findConvention } from '../../core/batchnorm/conventions/registry';
import { comparedLayer, type ComparedLayer } from '../../core/batchnorm/comparing/layerPair';
import type { LayerOfFile } from '../../core/batchnorm/diagnose/acrossFiles';
import type { Flags } from '../../core/batchnorm/flags';
import type { BatchNormLayer } from '../../core/batchnorm/layer';
import { ok, type Result } from '../../core/problem';
import type { TensorHandle } from '../../core/tensor/tensor';
import { toWireLayer } from '../../protocol/wireLayer';
import { loadInput, type EngineClient } from '../inspection/inputLoader';
import type { LoadedInput } from '../inspection/loadedInput';
import { parseSavedInspection } from '../inspection/saved';
import type { SessionServices } from '../inspection/sessionServices';
import { baseName, isLayerSource } from '../inspection/source';
import { sideTitle, type CompareSide, type CompareSpec } from './compareSpec';

/** One side, with its tensor in the engine. */
export interface LoadedSide {
  readonly tensor: TensorHandle;
  readonly shows: 'input' | 'output';
  /** Undefined for a tensor of which nothing says that it is a layer's. */
  readonly layer: ComparedLayer | undefined;
  /** As its checkpoint has it; undefined for what is of none. */
  readonly ofFile: LayerOfFile | undefined;
  readonly channelAxis: number;
  readonly notes: readonly string[];
}

export interface LoadedSides {
  readonly a: LoadedSide;
  readonly b: LoadedSide;
  /** Every tensor that is kept in the engine for them. */
  readonly owned: readonly number[];
}

interface OpenedSide {
  readonly side: CompareSide;
  readonly input: LoadedInput;
  readonly layer: BatchNormLayer | undefined;
  readonly stated: ComparedLayer | undefined;
  readonly flags: Flags | undefined;
}

/** Loads both sides; what was loaded until something fails is let go of. */
export async function loadSides(
  spec: CompareSpec,
  services: SessionServices,
  signal: AbortSignal,
): Promise<Result<LoadedSides>> {
  const owned: number[] = [];
  const loaded = await new SidesLoader(services, signal, owned).load(spec);
  if (loaded.ok) return ok({ ...loaded.value, owned });
  for (const id of owned) void services.engine().close(id);
  return loaded;
}

class SidesLoader {
  private readonly engine: EngineClient;

  constructor(
    private readonly services: SessionServices,
    private readonly signal: AbortSignal,
    private readonly owned: number[],
  ) {
    this.engine = services.engine();
  }

  async load({ a, b }: CompareSpec): Promise<Result<Omit<LoadedSides, 'owned'>>> {
    const first = await this.open(a);
    if (!first.ok) return first;
    const sameInput = JSON.stringify(a.source) === JSON.stringify(b.source);
    const second = await this.open(b, sameInput ? first.value.input : undefined);
    if (!second.ok) return second;
    const [sideA, sideB] = [first.value, this.overInputOf(first.value, second.value)];
    // Beside a tensor stands a tensor; of two layers that are run, the outputs are beside each other.
    const layers = sideA.layer !== undefined && sideB.layer !== undefined;
    const shown = (one: OpenedSide): 'input' | 'output' => (layers ? one.side.show : 'input');
    const shared = sideA.input.handle.id === sideB.input.handle.id;
    const tensorA = await this.tensorOf(sideA, shown(sideA), shared && shown(sideB) === 'output');
    if (!tensorA.ok) return tensorA;
    const tensorB = await this.tensorOf(sideB, shown(sideB), false);
    if (!tensorB.ok) return tensorB;
    const finish = (one: OpenedSide, tensor: TensorHandle): LoadedSide => ({
      tensor,
      shows: shown(one),
      layer: layers ? one.stated : undefined,
      ofFile: layers ? layerOfFile(one) : undefined,
      channelAxis: one.layer?.channelAxis ?? -1,
      notes: one.input.notes,
    });
    return ok({ a: finish(sideA, tensorA.value), b: finish(sideB, tensorB.value) });
  }

  /** Layers of files have generated inputs, which differ as the layers do: both are run over that of A. */
  private overInputOf(a: OpenedSide, b: OpenedSide): OpenedSide {
    const generated = ({ side: { source } }: OpenedSide): boolean =>
      isLayerSource(source) && source.input.kind === 'generated';
    const fits = a.layer?.gamma.length === b.layer?.gamma.length;
    if (!generated(a) || !generated(b) || !fits || !b.layer) return b;
    const note = 'It is run over the input of A, which is generated from A’s moving statistics.';
    const axis = a.layer?.channelAxis ?? b.layer.channelAxis;
    return {
      ...b,
      input: b.input === a.input ? a.input : { ...a.input, notes: [note] },
      layer: { ...b.layer, channelAxis: axis },
    };
  }

  private async open(side: CompareSide, input?: LoadedInput): Promise<Result<OpenedSide>> {
    const loaded = input ? ok(input) : await this.read(side);
    if (!loaded.ok) return loaded;
    const { statement, handle } = loaded.value;
    const isLayer = side.saved !== undefined || Object.keys(statement.parameters).length > 0;
    const nothing = { side, input: loaded.value, layer: undefined, stated: undefined };
    if (!isLayer) return ok({ ...nothing, flags: undefined });
    const saved = parseSavedInspection(side.saved)?.inspection;
    const { source } = side;
    const opened = saved
      ? ok(saved)
      : openInspection(statement, handle.shape, this.services.fallback(source));
    if (!opened.ok) return opened;
    return this.withLayer(side, loaded.value, opened.value, saved !== undefined);
  }

  private withLayer(
    side: CompareSide,
    input: LoadedInput,
    inspection: Inspection,
    saved: boolean,
  ): Result<OpenedSide> {
    const to = side.convention === undefined ? undefined : findConvention(side.convention);
    if (to?.ok === false) return to;
    const layer = to ? layerUnder(inspection, to.value) : inspection.present.layer;
    const { gamma, beta, movingMean, movingVariance, epsilon, momentum } = layer;
    const all = { gamma, beta, movingMean, movingVariance };
    const parameters = saved ? all : input.statement.parameters;
    const statement = { convention: layer.convention.id, epsilon, momentum, parameters };
    return ok({
      side,
      input,
      layer,
      stated: comparedLayer(sideTitle(side), statement, gamma.length),
      flags: side.flags ?? inspection.flags,
    });
  }

  private async read({ source }: CompareSide): Promise<Result<LoadedInput>> {
    const content = await this.services.reader.read(source, this.signal);
    if (!content.ok) return content;
    const loaded = await loadInput(this.engine, content.value, this.signal);
    if (loaded.ok) this.owned.push(loaded.value.handle.id);
    return loaded;
  }

  /** @param copied whether the input is about to be stepped over again, which replaces its output */
  private async tensorOf(
    { input, layer, flags }: OpenedSide,
    shows: 'input' | 'output',
    copied: boolean,
  ): Promise<Result<TensorHandle>> {
    if (shows === 'input' || !layer || !flags) return ok(input.handle);
    const call = { signal: this.signal };
    const request = { input: input.handle.id, layer: toWireLayer(layer), flags, steps: 1 };
    const stepped = await this.engine.step(request, call);
    if (!stepped.ok) return stepped;
    if (!copied) return ok(stepped.value.output);
    const copy = await this.engine.copy(stepped.value.output.id, call);
    if (copy.ok) this.owned.push(copy.value.id);
    return copy;
  }
}

/** Of what was edited the file says nothing. */
function layerOfFile({ side, input, layer }: OpenedSide): LayerOfFile | undefined {
  const { source, saved } = side;
  if (source.kind !== 'layer' || saved !== undefined || !layer) return undefined;
  return { label: baseName(source.uri), layer, counted: input.checkpoint?.counted === true };
}
