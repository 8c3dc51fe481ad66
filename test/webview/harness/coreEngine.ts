import { gradients as coreGradients } from '../../../src/core/batchnorm/gradients';
import { toWeights } from '../../../src/core/batchnorm/mask';
import { step as coreStep, type Step } from '../../../src/core/batchnorm/step';
import { fillUpstream } from '../../../src/core/batchnorm/upstream';
import { channelRatios, ProductStream } from '../../../src/core/batchnorm/folding/channelProducts';
import { shapesDiffer } from '../../../src/core/formats/compareEntries';
import { fail, ok, type Result } from '../../../src/core/problem';
import { SpreadOfCells } from '../../../src/core/statistics/cellSpread';
import { countHistogram, slotsOf } from '../../../src/core/statistics/histogram';
import { summarizeChannels } from '../../../src/core/statistics/reference';
import { compareValues } from '../../../src/core/statistics/compare';
import { SummaryStream } from '../../../src/core/statistics/streamedSummaries';
import { gridParts } from '../../../src/core/tensor/cellGrid';
import { emptyCells, fillRow, type CellValues } from '../../../src/core/tensor/cells';
import { channelLayout, formatShape } from '../../../src/core/tensor/shape';
import type { TensorHandle } from '../../../src/core/tensor/tensor';
import { formatPlace } from '../../../src/core/text/lines';
import { parseRunFile, type ParsedRunFile } from '../../../src/core/text/parseRunFile';
import type {
  Differentiated,
  EngineApi,
  GradientsRequest,
  MaskedTensor,
  StepRequest,
} from '../../../src/protocol/engine';
import type { CellSubject } from '../../../src/protocol/engineCells';
import type { Client } from '../../../src/protocol/rpc';
import { fromWireLayer } from '../../../src/protocol/wireLayer';

const noFiles = (): Promise<Result<never>> =>
  Promise.resolve(fail('file-missing', 'There are no files here.'));

/** The engine's contract over the float64 reference of the core, so that the page is fed real numbers without tfjs. */
export function coreEngine(): Client<EngineApi> {
  const tensors = new Map<number, MaskedTensor>();
  let lastId = 0;
  const keep = (tensor: MaskedTensor): TensorHandle => {
    tensors.set(++lastId, tensor);
    return { id: lastId, shape: tensor.shape, dtype: tensor.dtype };
  };
  const find = (id: number): Result<MaskedTensor> => {
    const tensor = tensors.get(id);
    return tensor ? ok(tensor) : fail('unknown-tensor', `There is no tensor ${id}.`);
  };
  const cellValues = ({ tensor, minus }: CellSubject): Result<CellValues> => {
    const [found, subtracted] = [find(tensor), find(minus ?? tensor)];
    if (!found.ok) return found;
    if (!subtracted.ok) return subtracted;
    const { data } = found.value;
    return ok(minus === undefined ? { data } : { data, minus: subtracted.value.data });
  };
  return {
    check: source => {
      const parsed = parse(source);
      return Promise.resolve(ok(parsed.ok ? parsed.value.problems : parsed.problems));
    },
    open: source => {
      const parsed = parse(source);
      if (!parsed.ok) return Promise.resolve({ ok: false, problem: parsed.problems[0]! });
      const { input, ...file } = parsed.value;
      return Promise.resolve(
        ok({ input: keep({ ...input, ...(file.mask && { mask: file.mask }) }), file }),
      );
    },
    locate: ({ source, offset }) =>
      Promise.resolve(ok(formatPlace(source.kind === 'text' ? source.text : '', offset))),
    load: input => Promise.resolve(ok(keep(input))),
    step: request => {
      const tensor = find(request.input);
      const done = tensor.ok ? stepOver(tensor.value, request) : tensor;
      if (!done.ok) return Promise.resolve(done);
      const { output, trace, layer: after } = done.value;
      return Promise.resolve(
        ok({
          trace,
          output: keep(output),
          batchesTrackedAfter: after.batchesTracked,
          ...(after.renorm && { renormAfter: after.renorm.state }),
        }),
      );
    },
    gradients: request => {
      const tensor = find(request.input);
      return Promise.resolve(tensor.ok ? differentiate(tensor.value, request) : tensor);
    },
    cells: ({ of, window, reduction }) => {
      const source = cellValues(of);
      if (!source.ok) return Promise.resolve(source);
      const cells = emptyCells(window, reduction, source.value);
      for (let row = 0; row < cells.facets * cells.rows; row++) {
        fillRow(source.value, window, row, reduction, cells);
      }
      return Promise.resolve(ok(cells));
    },
    spread: ({ of, grid }) => {
      const source = cellValues(of);
      if (!source.ok) return Promise.resolve(source);
      const spread = new SpreadOfCells(source.value, grid);
      for (const part of gridParts(grid, 100)) spread.add(part);
      return Promise.resolve(ok(spread.result()));
    },
    histogram: ({ tensor, axis, range, channel }) => {
      const found = find(tensor);
      if (!found.ok) return Promise.resolve(found);
      const { shape, data } = found.value;
      const layout =
        axis === null ? { outer: 1, channels: 1, inner: data.length } : channelLayout(shape, axis);
      const slots = slotsOf(range.bins);
      const counts = countHistogram(data, layout, range);
      return Promise.resolve(ok({ counts: counts.slice(channel * slots, (channel + 1) * slots) }));
    },
    extremes: ({ input, axis }) => {
      const found = find(input);
      if (!found.ok) return Promise.resolve(found);
      const { shape, data } = found.value;
      const { min, max } = summarizeChannels(data, channelLayout(shape, axis));
      return Promise.resolve(ok({ min, max }));
    },
    ratios: ({ a, b, layout }) => {
      const [first, second] = [find(a), find(b)];
      if (!first.ok) return Promise.resolve(first);
      if (!second.ok) return Promise.resolve(second);
      const stream = new ProductStream(layout);
      stream.add(first.value.data, second.value.data, 0);
      return Promise.resolve(ok(channelRatios(stream.products())));
    },
    compare: ({ a, b, tolerance }) => {
      const [first, second] = [find(a), find(b)];
      if (!first.ok) return Promise.resolve(first);
      if (!second.ok) return Promise.resolve(second);
      const [shapeA, shapeB] = [first, second].map(({ value }) => formatShape(value.shape));
      return Promise.resolve(
        shapeA === shapeB
          ? ok(compareValues(first.value.data, second.value.data, tolerance, 20))
          : fail('shapes-differ', shapesDiffer(`A is ${shapeA}`, `B is ${shapeB}`)),
      );
    },
    copy: id => {
      const found = find(id);
      return Promise.resolve(found.ok ? ok(keep(found.value)) : found);
    },
    read: ({ tensor, start, count }) => {
      const found = find(tensor);
      if (!found.ok) return Promise.resolve(found);
      return Promise.resolve(ok(found.value.data.slice(start, start + count)));
    },
    preview: ({ input, ...request }) => {
      const done = stepOver(input, { ...request, steps: 1 });
      if (!done.ok) return Promise.resolve(done);
      const { trace, output } = done.value;
      return Promise.resolve(ok({ trace, output: output.data }));
    },
    catalog: noFiles,
    openEntry: noFiles,
    readLayer: noFiles,
    close: id => {
      tensors.delete(id);
      return Promise.resolve(ok(null));
    },
    memory: () => Promise.resolve(ok({ numTensors: tensors.size, numBytes: 0 })),
  };
}

function parse(source: Parameters<EngineApi['open']>[0]): ParsedRunFile {
  return parseRunFile(source.kind === 'text' ? source.text : '');
}

function stepOver(
  { mask, ...tensor }: MaskedTensor,
  { layer, flags, steps }: Omit<StepRequest, 'input'>,
): Result<Step> {
  const found = fromWireLayer(layer);
  return found.ok
    ? coreStep(found.value, tensor, flags, steps, mask && toWeights(mask.data))
    : found;
}

function differentiate(
  { mask, ...tensor }: MaskedTensor,
  { layer, flags, upstream, elements: { start, count } }: GradientsRequest,
): Result<Differentiated> {
  const found = fromWireLayer(layer);
  if (!found.ok) return found;
  const dy = new Float32Array(tensor.data.length);
  fillUpstream(upstream, 0, dy);
  const all = coreGradients(found.value, tensor, dy, flags, mask && toWeights(mask.data));
  if (!all.ok) return all;
  const { x, ...parameters } = all.value;
  const stream = new SummaryStream(parameters.gamma.length);
  stream.add(x, channelLayout(tensor.shape, found.value.channelAxis), 0);
  const elements = Float32Array.from(x.subarray(start, start + count));
  return ok({ ...parameters, summaries: stream.summaries(), elements });
}
