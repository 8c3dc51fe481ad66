import type { ChannelColumn, ChannelQuery } from '../../core/batchnorm/channelTable';
import type { Flags } from '../../core/batchnorm/flags';
import { parameterNames } from '../../core/batchnorm/layer';
import { fail, ok, type Result } from '../../core/problem';
import { isIndex, isRecord, parseAddresses, type Fields } from '../guards';
import type { PictureAction } from '../../protocol/pictures';
import { parsePictureAction } from '../pictures/pictureState';
import type { PanelAction, PanelCommand, RowsRequest } from '../../protocol/panel';

/**
 * The gate between the page and the host: what comes from a webview is checked field by field, and
 * the code behind it trusts it.
 */
export function parsePanelAction(value: unknown): Result<PanelAction> {
  if (!isRecord(value) || typeof value.kind !== 'string') return refused('action', value);
  const parse = Object.hasOwn(parsers, value.kind)
    ? parsers[value.kind as PanelAction['kind']]
    : undefined;
  const action = parse?.(value);
  return action ? ok(action) : refused('action', value);
}

/** Rows are asked for in windows; a page never needs more than `maximumRows` of them. */
export function parseRowsRequest(value: unknown): Result<RowsRequest> {
  if (!isRecord(value)) return refused('rows request', value);
  const { start, count } = value;
  if (!isIndex(start) || !isIndex(count)) return refused('rows request', value);
  return ok({ start, count: Math.min(count, maximumRows) });
}

export const maximumRows = 1024;

export function parseReady(value: unknown): Result<{ readonly version: number }> {
  if (!isRecord(value) || typeof value.version !== 'number') return refused('greeting', value);
  return ok({ version: value.version });
}

const columns: readonly ChannelColumn[] = [
  'channel',
  'gamma',
  'beta',
  'batchMean',
  'batchVariance',
  'movingMean',
  'movingVariance',
  'drift',
  'output',
  'health',
];

const panelCommands: readonly PanelCommand[] = [
  'openSample',
  'inspectFile',
  'chooseInput',
  'addRecording',
  'compareFix',
  'copyResults',
  'saveInspection',
  'copySlice',
  'exportSlice',
  'exportPicture',
  'exportChannels',
  'copyLink',
  'liftDebugLimits',
  'showLog',
];

/** One parser an action; a new action does not compile until it has one. */
const parsers: {
  readonly [K in PanelAction['kind']]: (
    fields: Fields,
  ) => Extract<PanelAction, { kind: K }> | undefined;
} = {
  setFlags: ({ flags }) =>
    isFlags(flags) ? { kind: 'setFlags', flags: copyFlags(flags) } : undefined,
  setConvention: ({ id }) => (typeof id === 'string' ? { kind: 'setConvention', id } : undefined),
  setChannelAxis: ({ axis }) => (isIndex(axis) ? { kind: 'setChannelAxis', axis } : undefined),
  setEpsilon: ({ value }) =>
    typeof value === 'number' ? { kind: 'setEpsilon', value } : undefined,
  setMomentum: ({ value }) =>
    typeof value === 'number' || value === null ? { kind: 'setMomentum', value } : undefined,
  setParameter: fields => setParameter(fields),
  fixHere: ({ finding }) =>
    typeof finding === 'string' ? { kind: 'fixHere', finding } : undefined,
  step: ({ count }) => (isIndex(count) && count > 0 ? { kind: 'step', count } : undefined),
  undo: () => ({ kind: 'undo' }),
  redo: () => ({ kind: 'redo' }),
  goToState: ({ index }) => (isIndex(index) ? { kind: 'goToState', index } : undefined),
  reset: () => ({ kind: 'reset' }),
  selectChannel: ({ channel }) =>
    isIndex(channel) ? { kind: 'selectChannel', channel } : undefined,
  selectElement: ({ index }) =>
    Array.isArray(index) && index.every(isIndex) ? { kind: 'selectElement', index } : undefined,
  showAllConventions: ({ on }) =>
    typeof on === 'boolean' ? { kind: 'showAllConventions', on } : undefined,
  query: ({ query }) => {
    const parsed = parseQuery(query);
    return parsed && { kind: 'query', query: parsed };
  },
  showPicture: fields => pictureAction(fields, 'showPicture'),
  setPicture: fields => pictureAction(fields, 'setPicture'),
  revealSource: () => ({ kind: 'revealSource' }),
  readAgain: () => ({ kind: 'readAgain' }),
  cancelReading: () => ({ kind: 'cancelReading' }),
  command: ({ command }) => {
    const known = panelCommands.find(name => name === command);
    return known && { kind: 'command', command: known };
  },
  drop: ({ addresses }) => {
    const parsed = parseAddresses(addresses);
    return parsed && { kind: 'drop', addresses: parsed };
  },
};

function pictureAction<K extends PictureAction['kind']>(
  fields: Fields,
  kind: K,
): Extract<PictureAction, { kind: K }> | undefined {
  const action = parsePictureAction({ ...fields, kind });
  return action?.kind === kind ? (action as Extract<PictureAction, { kind: K }>) : undefined;
}

function setParameter(fields: Fields): Extract<PanelAction, { kind: 'setParameter' }> | undefined {
  const parameter = parameterNames.find(name => name === fields.parameter);
  const { channel, value } = fields;
  if (!parameter || typeof value !== 'number') return undefined;
  if (channel !== null && !isIndex(channel)) return undefined;
  return { kind: 'setParameter', parameter, channel, value };
}

/** @returns undefined unless every field is there and of its kind */
export function parseQuery(value: unknown): ChannelQuery | undefined {
  if (!isRecord(value)) return undefined;
  const sort = columns.find(column => column === value.sort);
  const { descending, filter } = value;
  if (!sort || typeof descending !== 'boolean' || typeof filter !== 'string') return undefined;
  return { sort, descending, filter };
}

export function isFlags(value: unknown): value is Flags {
  return (
    isRecord(value) && typeof value.training === 'boolean' && typeof value.trainable === 'boolean'
  );
}

function copyFlags({ training, trainable }: Flags): Flags {
  return { training, trainable };
}

function refused(what: string, value: unknown): Result<never> {
  const kind = isRecord(value) && typeof value.kind === 'string' ? ` "${value.kind}"` : '';
  return fail(
    'bad-message',
    `The panel sent a message (${what}${kind}) that this version does not know: reload the window.`,
  );
}
