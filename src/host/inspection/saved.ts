import { findConvention } from '../../core/batchnorm/conventions/registry';
import type { Flags } from '../../core/batchnorm/flags';
import type { LayerState, PastState } from '../../core/batchnorm/history';
import type { Inspection } from '../../core/batchnorm/inspection';
import {
  parameterNames,
  type BatchNormLayer,
  type ParameterName,
} from '../../core/batchnorm/layer';
import type { Renorm, RenormClipping } from '../../core/batchnorm/renorm';
import type { Statement } from '../../core/batchnorm/statement';
import type { Shape } from '../../core/tensor/shape';
import { isIndex, isRecord, type Fields } from '../guards';
import { isFlags, parseQuery } from '../panel/parsePanelAction';
import { freshPictures, parsePictures } from '../pictures/pictureState';
import { parseSource, type InspectionSource } from './source';
import { at, isDefined, parseVectors, VectorTable } from './savedVectors';
import type { ViewState } from './viewState';

export const freshView: ViewState = {
  channel: 0,
  element: [],
  allConventions: false,
  query: { sort: 'channel', descending: false, filter: '' },
  pictures: freshPictures,
};

/** Everything that opens the same inspection again: source, flags, what-ifs, history, selection. */
export interface SavedInspection {
  readonly source: InspectionSource;
  readonly view: ViewState;
  /** Absent where nothing could be read yet. */
  readonly inspection?: Inspection;
  /** How many states of the history, the furthest from the present, were left out to keep it small. */
  readonly forgotten: number;
}

const version = 1;

/** Numbers kept at most: about 4 MB of JSON. Undo beyond that does not survive a reload, and the panel says so. */
const maximumNumbers = 250_000;

/**
 * Writes an inspection as plain JSON. States share most of their vectors (a step leaves gamma and beta
 * alone), so each vector is written once and states refer to it by index.
 */
export function saveInspection(
  source: InspectionSource,
  view: ViewState,
  inspection: Inspection | undefined,
  limit = maximumNumbers,
): unknown {
  if (!inspection) return { version, source, view };
  const vectors = new VectorTable();
  const states = {
    statement: writeStatement(inspection.statement, vectors),
    base: writeState(inspection.base, vectors),
    present: writeState(inspection.present, vectors),
  };
  const near = (history: readonly PastState[]): unknown[] => {
    const kept: unknown[] = [];
    for (const { state, ...rest } of history) {
      if (vectors.numbers > limit) break;
      kept.push({ ...rest, state: writeState(state, vectors) });
    }
    return kept;
  };
  const past = near([...inspection.past].reverse()).reverse();
  const future = near(inspection.future);
  const { shape, flags } = inspection;
  const total = inspection.past.length + inspection.future.length;
  const forgotten = total - past.length - future.length;
  return {
    version,
    source,
    view,
    shape,
    flags,
    ...states,
    past,
    future,
    forgotten,
    vectors: vectors.lists,
  };
}

/** @returns undefined where the value is not one that `saveInspection` wrote */
export function parseSavedInspection(value: unknown): SavedInspection | undefined {
  if (!isRecord(value) || value.version !== version) return undefined;
  const source = parseSource(value.source);
  if (!source) return undefined;
  const view = parseView(value.view) ?? freshView;
  const inspection = parseInspection(value);
  const forgotten = isIndex(value.forgotten) ? value.forgotten : 0;
  return inspection ? { source, view, inspection, forgotten } : { source, view, forgotten };
}

function writeState(state: LayerState, vectors: VectorTable): unknown {
  const { convention, gamma, beta, movingMean, movingVariance, renorm, ...rest } = state.layer;
  return {
    steps: state.steps,
    edited: state.edited,
    convention: convention.id,
    parameters: [gamma, beta, movingMean, movingVariance].map(vector => vectors.index(vector)),
    ...rest,
    ...(renorm && { renorm: writeRenorm(renorm, vectors) }),
  };
}

function writeRenorm({ momentum, clipping, state }: Renorm, vectors: VectorTable): unknown {
  const { movingStddev, mean, stddev } = state;
  const indices = [movingStddev, mean, stddev].map(vector => vectors.index(vector));
  return { momentum, clipping, state: indices };
}

/** @returns undefined where it is none, or has not as many channels */
function parseRenorm(
  value: unknown,
  vectors: readonly Float64Array[],
  channels: number,
): Renorm | undefined {
  if (!isRecord(value) || typeof value.momentum !== 'number' || !isRecord(value.clipping)) {
    return undefined;
  }
  const indices = Array.isArray(value.state) ? value.state : [];
  const [movingStddev, mean, stddev] = indices.map(index => at(vectors, index));
  if (!movingStddev || !mean || !stddev) return undefined;
  if ([movingStddev, mean, stddev].some(({ length }) => length !== channels)) return undefined;
  const bounds = Object.entries(value.clipping).filter(([, bound]) => typeof bound === 'number');
  const clipping = Object.fromEntries(bounds) as RenormClipping;
  return { momentum: value.momentum, clipping, state: { movingStddev, mean, stddev } };
}

function writeStatement(statement: Statement, vectors: VectorTable): unknown {
  const { parameters, ...rest } = statement;
  const entries = Object.entries(parameters).map(([name, vector]) => [name, vectors.index(vector)]);
  return { ...rest, parameters: Object.fromEntries(entries) as Fields };
}

function parseInspection(value: Fields): Inspection | undefined {
  const vectors = parseVectors(value.vectors);
  const { shape, flags, past } = value;
  // Saved by a version that could not redo, there is none.
  const undone = Array.isArray(value.future) ? value.future : [];
  if (!vectors || !isShape(shape) || !isFlags(flags) || !Array.isArray(past)) return undefined;
  const statement = parseStatement(value.statement, vectors);
  const base = parseState(value.base, vectors);
  const present = parseState(value.present, vectors);
  const history = past.map(entry => parsePast(entry, vectors));
  const future = undone.map(entry => parsePast(entry, vectors));
  if (!statement || !base || !present) return undefined;
  if (!history.every(isDefined) || !future.every(isDefined)) return undefined;
  // Undo compares states by identity: a present that equals the base and has no history is the base.
  const untouched = history.length === 0 && isUntouched(value);
  return {
    shape,
    statement,
    flags: copyFlags(flags),
    base,
    present: untouched ? base : present,
    past: history,
    future,
  };
}

function isUntouched(value: Fields): boolean {
  return JSON.stringify(value.base) === JSON.stringify(value.present);
}

function parsePast(value: unknown, vectors: readonly Float64Array[]): PastState | undefined {
  if (!isRecord(value) || typeof value.label !== 'string') return undefined;
  const state = parseState(value.state, vectors);
  const { label, flags } = value;
  return state && { state, label, ...(isFlags(flags) && { flags: copyFlags(flags) }) };
}

function parseState(value: unknown, vectors: readonly Float64Array[]): LayerState | undefined {
  if (!isRecord(value)) return undefined;
  const { steps, edited, parameters } = value;
  const layer = parseLayer(value, Array.isArray(parameters) ? parameters : [], vectors);
  if (!layer || !isIndex(steps) || !isStrings(edited)) return undefined;
  return { layer, steps, edited };
}

function parseLayer(
  value: Fields,
  indices: readonly unknown[],
  vectors: readonly Float64Array[],
): BatchNormLayer | undefined {
  const {
    convention: id,
    epsilon,
    momentum,
    channelAxis,
    batchesTracked,
    precision,
    tracking,
    virtualBatchSize,
  } = value;
  const convention = typeof id === 'string' ? findConvention(id) : undefined;
  const [gamma, beta, movingMean, movingVariance] = indices.map(index => at(vectors, index));
  if (convention?.ok !== true || !gamma || !beta || !movingMean || !movingVariance)
    return undefined;
  if (typeof epsilon !== 'number' || !isIndex(channelAxis) || !isIndex(batchesTracked))
    return undefined;
  if (momentum !== null && typeof momentum !== 'number') return undefined;
  if (precision !== 'float32' && precision !== 'float64') return undefined;
  if (tracking !== undefined && tracking !== 'frozen' && tracking !== 'none') return undefined;
  const lengths = new Set([gamma, beta, movingMean, movingVariance].map(v => v.length));
  if (lengths.size !== 1) return undefined;
  if (virtualBatchSize !== undefined && !isIndex(virtualBatchSize)) return undefined;
  const renorm = parseRenorm(value.renorm, vectors, gamma.length);
  if (value.renorm !== undefined && !renorm) return undefined;
  return {
    ...{ gamma, beta, movingMean, movingVariance },
    convention: convention.value,
    ...{ epsilon, momentum, channelAxis, batchesTracked, precision },
    ...(tracking === undefined ? {} : { tracking }),
    ...(renorm && { renorm }),
    ...(virtualBatchSize !== undefined && { virtualBatchSize }),
  };
}

function parseStatement(value: unknown, vectors: readonly Float64Array[]): Statement | undefined {
  if (!isRecord(value) || !isRecord(value.parameters)) return undefined;
  const parameters: Partial<Record<ParameterName, Float64Array>> = {};
  for (const name of parameterNames) {
    const vector = at(vectors, value.parameters[name]);
    if (vector) parameters[name] = vector;
  }
  // The rest was written from a Statement and is compared as text only (followSource).
  return { ...(value as unknown as Statement), parameters };
}

function parseView(value: unknown): ViewState | undefined {
  if (!isRecord(value)) return undefined;
  const { channel, element, allConventions } = value;
  const query = parseQuery(value.query);
  if (!isIndex(channel) || !isShape(element) || typeof allConventions !== 'boolean' || !query) {
    return undefined;
  }
  return { channel, element, allConventions, query, pictures: parsePictures(value.pictures) };
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.every(isIndex);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function copyFlags({ training, trainable }: Flags): Flags {
  return { training, trainable };
}
