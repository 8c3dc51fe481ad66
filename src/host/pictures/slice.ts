import type { CellGrid, Walk } from '../../core/tensor/cellGrid';
import type { BlockWalk } from '../../core/tensor/cells';
import type { AxisRange } from '../../core/tensor/axisRange';
import { axisRoles, type SliceView, type ViewAxis } from '../../core/tensor/sliceView';
import type { WantedCells } from '../../protocol/cells';
import type { CellSubject } from '../../protocol/engineCells';
import type { PicturesHostApi } from '../../protocol/pictures';
import {
  scaleKinds,
  sliceChoices,
  type SliceCellsRequest,
  type SliceSpreadRequest,
  type SliceSubject,
} from '../../protocol/pictures/slice';
import type { Handlers } from '../../protocol/rpc';
import { isIndex, isRecord, type Fields } from '../guards';
import type { ShownResult, ShownTensors } from '../inspection/shownTensors';
import { answer } from './answer';
import type { HostPicture } from './hostPicture';

export const slicePicture: HostPicture<'slice'> = {
  title: 'Slice',
  fresh: { subject: 'both', view: null, colormap: 'auto', scale: 'linear', sharedScale: false },
  parse: fields => {
    const subject = sliceChoices.find(choice => choice === fields.subject);
    const scale = scaleKinds.find(kind => kind === fields.scale);
    const view = fields.view === null ? null : parseView(fields.view);
    const { colormap, sharedScale } = fields;
    if (!subject || !scale || view === undefined) return undefined;
    if (typeof colormap !== 'string' || typeof sharedScale !== 'boolean') return undefined;
    return { subject, view, colormap, scale, sharedScale };
  },
};

export function sliceHandlers(
  tensors: ShownTensors | undefined,
): Pick<Handlers<PicturesHostApi>, 'sliceCells' | 'sliceSpread'> {
  return {
    sliceCells: answer(tensors, parseCells, ({ subject, ...request }, result) =>
      result.engine.cells({ of: subjectOf(subject, result), ...request }, result),
    ),
    sliceSpread: answer(tensors, parseSpread, ({ subject, grid }, result) =>
      result.engine.spread({ of: subjectOf(subject, result), grid }, result),
    ),
  };
}

export function subjectOf(subject: SliceSubject, { input, output }: ShownResult): CellSubject {
  if (subject === 'difference') return { tensor: output, minus: input };
  return { tensor: subject === 'input' ? input : output };
}

function parseCells({ subject, ...fields }: Fields): SliceCellsRequest | undefined {
  const cells = parseCellWindow(fields);
  return isSubject(subject) && cells ? { subject, ...cells } : undefined;
}

/** @returns undefined unless the fields say which cells of a slice are asked for, and how */
export function parseCellWindow({ window, reduction }: Fields): WantedCells | undefined {
  if (!isRecord(window)) return undefined;
  if (reduction !== 'pick' && reduction !== 'mean') return undefined;
  const { offset, rows, columns, facets } = window;
  if (!isIndex(offset) || !isBlockWalk(rows) || !isBlockWalk(columns) || !isWalk(facets)) {
    return undefined;
  }
  return { window: { offset, rows, columns, facets }, reduction };
}

function parseSpread({ subject, grid }: Fields): SliceSpreadRequest | undefined {
  const parsed = parseGrid(grid);
  return isSubject(subject) && parsed ? { subject, grid: parsed } : undefined;
}

/** @returns undefined unless the value says where the cells of a slice are */
export function parseGrid(grid: unknown): CellGrid | undefined {
  if (!isRecord(grid)) return undefined;
  const { offset, rows, columns, facets } = grid;
  if (!isIndex(offset) || !isWalk(rows) || !isWalk(columns) || !isWalk(facets)) return undefined;
  return { offset, rows, columns, facets };
}

function isSubject(value: unknown): value is SliceSubject {
  return value === 'input' || value === 'output' || value === 'difference';
}

function isWalk(value: unknown): value is Walk {
  return isRecord(value) && isIndex(value.count) && Number.isSafeInteger(value.stride);
}

function isBlockWalk(value: unknown): value is BlockWalk {
  return isRecord(value) && isWalk(value) && isIndex(value.block) && value.block > 0;
}

/** @returns undefined unless each role but `fixed` is one axis's at most */
export function parseView(value: unknown): SliceView | undefined {
  if (!isRecord(value) || !Array.isArray(value.axes)) return undefined;
  const axes = value.axes.map(parseAxis);
  if (!axes.every(axis => axis !== undefined)) return undefined;
  const drawn = axes.flatMap(({ role }) => (role === 'fixed' ? [] : [role]));
  return new Set(drawn).size === drawn.length ? { axes } : undefined;
}

function parseAxis(value: unknown): ViewAxis | undefined {
  if (!isRecord(value) || !isRange(value.range) || !isIndex(value.at)) return undefined;
  const role = axisRoles.find(name => name === value.role);
  const { start, step, count } = value.range;
  return role && { role, range: { start, step, count }, at: value.at };
}

function isRange(value: unknown): value is AxisRange {
  return (
    isRecord(value) &&
    isIndex(value.start) &&
    isIndex(value.count) &&
    Number.isSafeInteger(value.step) &&
    value.step !== 0
  );
}
