import type { ExportedSlice } from '../../core/export/exportFormat';
import { fail, ok, type Result } from '../../core/problem';
import { cellGrid, gridParts, type CellGrid } from '../../core/tensor/cellGrid';
import { sizeOf } from '../../core/tensor/shape';
import { axisOrder, drawnAxes, shownSlice, sliceText } from '../../core/tensor/sliceView';
import type { DType, TensorData } from '../../core/tensor/tensor';
import { axisNames } from '../../core/tensor/shape';
import { mostCells } from '../../protocol/engineCells';
import type { SliceSubject } from '../../protocol/pictures/slice';
import { elementOf } from '../inspection/presenter';
import type { InspectionSession } from '../inspection/session';
import type { Shown } from '../inspection/shown';
import type { ShownResult } from '../inspection/shownTensors';
import { sourceTitle } from '../inspection/source';
import { subjectOf } from '../pictures/slice';

/** Reads the slice that an inspection shows, in the order of the tensor's axes, part by part. */
export async function readSlice(
  session: InspectionSession,
  subject: SliceSubject,
  signal: AbortSignal,
  most: number,
): Promise<Result<ExportedSlice>> {
  await session.settled();
  return session.tensors.over(signal, async result => {
    const { shown, view } = result;
    const { shape, present } = shown.inspection;
    const { channelAxis } = present.layer;
    const element = elementOf(view, shape, channelAxis);
    const slice = shownSlice(view.pictures.settings.slice.view, shape, channelAxis, element);
    const axes = drawnAxes(slice);
    const taken = axes.map(axis => slice.axes[axis]?.range.count ?? 0);
    const size = sizeOf(taken);
    if (size > most) return tooLarge(size, most);
    const dtype = subject === 'input' ? shown.input.handle.dtype : 'float32';
    const data = allocate(dtype, size);
    const read = await fill(data, cellGrid(axisOrder(slice), shape), subject, result);
    if (!read.ok) return read;
    const names = axisNames(shape, channelAxis);
    return ok({
      tensor: { shape: taken, dtype, data },
      text: sliceText(slice, shape),
      what: describe(session, shown, subject),
      axisNames: axes.map(axis => names[axis] ?? String(axis)),
    });
  });
}

function tooLarge(size: number, most: number): Result<never> {
  const [has, fits] = [size.toLocaleString('en-GB'), most.toLocaleString('en-GB')];
  return fail(
    'slice-too-large',
    `This slice has ${has} elements, and ${fits} fit this format: narrow the slice, or export .npy.`,
  );
}

function allocate(dtype: DType, size: number): TensorData {
  if (dtype === 'int32') return new Int32Array(size);
  return dtype === 'bool' ? new Uint8Array(size) : new Float32Array(size);
}

/** As many cells at a time as one reply carries. */
async function fill(
  into: TensorData,
  grid: CellGrid,
  subject: SliceSubject,
  result: ShownResult,
): Promise<Result<null>> {
  const of = subjectOf(subject, result);
  let at = 0;
  for (const { rows, columns, ...part } of gridParts(grid, mostCells)) {
    const window = { ...part, rows: { ...rows, block: 1 }, columns: { ...columns, block: 1 } };
    const cells = await result.engine.cells({ of, window, reduction: 'pick' }, result);
    if (!cells.ok) return cells;
    into.set(cells.value.values, at);
    at += cells.value.values.length;
  }
  return ok(null);
}

const subjects: Readonly<Record<SliceSubject, string>> = {
  input: 'input',
  output: 'output',
  difference: 'output - input',
};

/** `output of seed.bn.json, TensorFlow 1, fused, training on, trainable off`. */
function describe(
  { source }: InspectionSession,
  { inspection }: Shown,
  subject: SliceSubject,
): string {
  const of = `${subjects[subject]} of ${sourceTitle(source)}`;
  if (subject === 'input') return of;
  const { training, trainable } = inspection.flags;
  const state = (on: boolean): string => (on ? 'on' : 'off');
  const { name } = inspection.present.layer.convention;
  return `${of}, ${name}, training ${state(training)}, trainable ${state(trainable)}`;
}
