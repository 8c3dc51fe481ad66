import { fail, ok, type Result } from '../core/problem';
import { shapesDiffer } from '../core/formats/compareEntries';
import { toWeights } from '../core/batchnorm/mask';
import type { CellSpread } from '../core/statistics/cellSpread';
import type { Cells, CellValues } from '../core/tensor/cells';
import type { ChannelExtremes } from '../core/statistics/channels';
import type { ChannelRatios } from '../core/batchnorm/folding/channelProducts';
import type { Comparison } from '../core/statistics/compare';
import { formatShape, sizeOf } from '../core/tensor/shape';
import type { TensorData, TensorHandle } from '../core/tensor/tensor';
import { elementLimit } from '../core/text/numberMemory';
import type { RunFile } from '../core/text/runFile';
import type {
  Differentiated,
  EngineMemory,
  GradientsRequest,
  MaskedTensor,
  Opened,
  Previewed,
  PreviewRequest,
  ReadRequest,
  Stepped,
  StepRequest,
} from '../protocol/engine';
import type { CompareRequest, RatiosRequest } from '../protocol/engineCompare';
import type { CellsRequest, CellSubject, SpreadRequest } from '../protocol/engineCells';
import type {
  ChannelHistogram,
  ExtremesRequest,
  HistogramRequest,
} from '../protocol/engineHistogram';
import { cancelled, moved } from '../protocol/rpc';
import { fromWireLayer } from '../protocol/wireLayer';
import { toFloat32 } from './allocate';
import { registerBatchNorm } from './autodiff';
import { measureSpread, readCells } from './cells';
import { compareInSlices, ratiosInSlices } from './compare';
import { checkRange } from './elementRange';
import { checkAxis, type StepJob } from './forward';
import { runGradients } from './gradients';
import { Histograms } from './histograms';
import { inputExtremes } from './inputExtremes';
import { LiveTensors, type LiveInput, type Work } from './liveTensors';
import { runStep } from './runStep';
import { keepTensor, startTensorflow, tensorMemory, valuesOf } from './tensorflow';

/** Starts tfjs, with no tensors yet. */
export async function openTensors(): Promise<TensorRequests> {
  await startTensorflow();
  registerBatchNorm();
  return new TensorRequests();
}

/** The requests of the engine that need tensors. */
export class TensorRequests {
  private readonly live = new LiveTensors();
  private readonly histograms = new Histograms();

  open({ input, ...file }: RunFile): Result<Opened> {
    const loaded = this.load({ ...input, ...(file.mask && { mask: file.mask }) });
    return loaded.ok ? ok({ input: loaded.value, file }) : loaded;
  }

  load(input: MaskedTensor): Result<TensorHandle> {
    const added = this.add(input);
    return added.ok ? ok(added.value.handle) : added;
  }

  async step(request: StepRequest, signal: AbortSignal): Promise<Result<Stepped>> {
    const input = this.live.input(request.input);
    return input === undefined ? superseded() : this.stepInput(input, request, signal);
  }

  async gradients(
    { input: id, layer: wire, ...asked }: GradientsRequest,
    signal: AbortSignal,
  ): Promise<Result<Differentiated>> {
    const input = this.live.input(id);
    if (input === undefined) return superseded();
    const layer = fromWireLayer(wire);
    if (!layer.ok) return layer;
    return inTurn(input, 'gradients', signal, own =>
      runGradients(input, { ...asked, layer: layer.value, signal: own }),
    );
  }

  read({ tensor, start, count }: ReadRequest): Result<TensorData> {
    const values = this.live.tensor(tensor);
    if (values === undefined) return superseded();
    const range = checkRange({ start, count }, values.shape);
    if (!range.ok) return range;
    return ok(movedCopy(valuesOf(values).subarray(start, start + count)));
  }

  async cells(request: CellsRequest, signal: AbortSignal): Promise<Result<Cells>> {
    return this.overCells(request.of, source => readCells(source, request, signal));
  }

  async spread({ of, grid }: SpreadRequest, signal: AbortSignal): Promise<Result<CellSpread>> {
    return this.overCells(of, source => measureSpread(source, grid, signal));
  }

  async histogram(
    request: HistogramRequest,
    signal: AbortSignal,
  ): Promise<Result<ChannelHistogram>> {
    const { tensor: id } = request;
    const [handle, live, input] = [this.live.handle(id), this.live.tensor(id), this.live.input(id)];
    if (handle === undefined || live === undefined) return superseded();
    const values = input ? input.asFloat32() : ok(live);
    if (!values.ok) return values;
    const found = await this.histograms.of(handle, values.value, request, signal);
    // Others had their turn meanwhile.
    return this.live.handle(id) === handle || !found.ok ? found : superseded();
  }

  async extremes(
    { input: id, axis }: ExtremesRequest,
    signal: AbortSignal,
  ): Promise<Result<ChannelExtremes>> {
    const input = this.live.input(id);
    if (input === undefined) return superseded();
    const layout = checkAxis(axis, input.handle.shape);
    if (!layout.ok) return layout;
    const found = await inputExtremes(input, layout.value, axis, signal);
    // Others had their turn meanwhile.
    return this.live.input(id) === input || !found.ok ? found : superseded();
  }

  compare({ a, b, tolerance }: CompareRequest, signal: AbortSignal): Promise<Result<Comparison>> {
    return this.ofTwo(a, b, (first, second) => compareInSlices(first, second, tolerance, signal));
  }

  ratios({ a, b, layout }: RatiosRequest, signal: AbortSignal): Promise<Result<ChannelRatios>> {
    return this.ofTwo(a, b, (first, second) => ratiosInSlices(first, second, layout, signal));
  }

  private async ofTwo<T>(
    a: number,
    b: number,
    ask: (first: TensorData, second: TensorData) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const [first, second] = [this.live.tensor(a), this.live.tensor(b)];
    if (first === undefined || second === undefined) return superseded();
    const [shapeA, shapeB] = [formatShape(first.shape), formatShape(second.shape)];
    if (shapeA !== shapeB) {
      return fail('shapes-differ', shapesDiffer(`A is ${shapeA}`, `B is ${shapeB}`));
    }
    const found = await ask(valuesOf(first), valuesOf(second));
    const stayed = this.live.tensor(a) === first && this.live.tensor(b) === second;
    return stayed || !found.ok ? found : superseded();
  }

  copy(id: number): Result<TensorHandle> {
    const tensor = this.live.tensor(id);
    if (tensor === undefined) return superseded();
    const { shape, dtype } = this.live.input(id)?.handle ?? {
      shape: tensor.shape,
      dtype: 'float32',
    };
    return this.load({ shape, dtype, data: valuesOf(tensor).slice() });
  }

  async preview(request: PreviewRequest, signal: AbortSignal): Promise<Result<Previewed>> {
    const added = this.add(request.input);
    if (!added.ok) return added;
    const input = added.value;
    try {
      const stepped = await this.stepInput(input, { ...request, steps: 1 }, signal);
      if (!stepped.ok) return stepped;
      const { output } = input;
      if (output === undefined) return superseded();
      return ok({ trace: stepped.value.trace, output: movedCopy(valuesOf(output.tensor)) });
    } finally {
      this.live.forget(input.handle.id)?.dispose();
    }
  }

  async close(id: number): Promise<Result<null>> {
    this.live.inputOfOutput(id)?.dropOutput();
    // From here on nobody can start anything on it; what runs is waited for.
    const input = this.live.forget(id);
    const running = Object.values(input?.running ?? {});
    for (const work of running) work?.controller.abort();
    for (const work of running) await work?.ended;
    input?.dispose();
    return ok(null);
  }

  memory(): Result<EngineMemory> {
    return ok(tensorMemory());
  }

  /** Others have their turn meanwhile, so that a tensor may be gone, or written over, before its end. */
  private async overCells<T>(
    { tensor, minus }: CellSubject,
    read: (source: CellValues) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const data = this.live.tensor(tensor);
    if (data === undefined) return superseded();
    let values: CellValues = { data: valuesOf(data) };
    let stays = (): boolean => this.live.tensor(tensor) === data;
    if (minus !== undefined) {
      const subtracted = this.live.tensor(minus);
      if (subtracted === undefined) return superseded();
      values = { ...values, minus: valuesOf(subtracted) };
      const first = stays;
      stays = () => first() && this.live.tensor(minus) === subtracted;
    }
    const found = await read(values);
    return !found.ok || stays() ? found : superseded();
  }

  private add({ shape, dtype, data, mask }: MaskedTensor): Result<LiveInput> {
    const size = sizeOf(shape);
    if (!shape.every(dimension => Number.isInteger(dimension) && dimension >= 0)) {
      return fail(
        'shape-invalid',
        `${formatShape(shape)} is not a shape: dimensions are 0, 1, 2, ….`,
      );
    }
    if (size > elementLimit) {
      return fail(
        'tensor-too-large',
        `${formatShape(shape)} has ${size} elements, and ${elementLimit} is the limit: inspect a part of it.`,
      );
    }
    if (data.length !== size) {
      return fail(
        'shape-mismatch',
        `${formatShape(shape)} has ${size} elements, and ${data.length} values were given.`,
      );
    }
    const weights = mask && toWeights(mask.data);
    // tfjs has no float64; the handle says float32, so that whoever shows it can say so.
    const held = dtype === 'float64' ? 'float32' : dtype;
    const values = dtype === 'float64' ? toFloat32(data) : ok(data);
    if (!values.ok) return values;
    const tensor = keepTensor(values.value, shape, held);
    return tensor.ok ? ok(this.live.add(tensor.value, shape, held, weights)) : tensor;
  }

  private async stepInput(
    input: LiveInput,
    { layer: wire, flags, steps }: Omit<StepRequest, 'input'>,
    signal: AbortSignal,
  ): Promise<Result<Stepped>> {
    const layer = fromWireLayer(wire);
    if (!layer.ok) return layer;
    return inTurn(input, 'step', signal, async own => {
      const job: StepJob = { layer: layer.value, flags, steps, signal: own };
      const done = await runStep(input, job);
      if (!done.ok) return done;
      const { output, ...rest } = done.value;
      return ok({ ...rest, output: this.live.setOutput(input, output) });
    });
  }
}

/** Newest wins: aborts the work of its kind that runs on the input, waits for it to end, then does its own. */
async function inTurn<T>(
  { running }: LiveInput,
  kind: Work,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const before = running[kind];
  before?.controller.abort();
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const result = (async (): Promise<Result<T>> => {
    await before?.ended;
    if (controller.signal.aborted) return { ok: false, problem: cancelled };
    return work(controller.signal);
  })();
  running[kind] = { controller, ended: Promise.allSettled([result]) };
  try {
    return await result;
  } finally {
    signal.removeEventListener('abort', abort);
    if (running[kind].controller === controller) running[kind] = undefined;
  }
}

function movedCopy(values: TensorData): TensorData {
  const copy = values.slice();
  return moved(copy, [copy.buffer]);
}

function superseded(): Result<never> {
  return fail(
    'superseded',
    'This tensor was replaced by a newer result, or closed: ask for it again.',
  );
}
