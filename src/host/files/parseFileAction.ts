import { fail, ok, type Result } from '../../core/problem';
import type { FileAction, FileItem } from '../../protocol/tensorFile';
import { isRecord, parseAddresses, type Fields } from '../guards';

/** The gate between the page of a tensor file and the host: what comes from a webview is checked here. */
export function parseFileAction(value: unknown): Result<FileAction> {
  if (isRecord(value) && typeof value.kind === 'string' && Object.hasOwn(parsers, value.kind)) {
    const action = parsers[value.kind as FileAction['kind']](value);
    if (action) return ok(action);
  }
  return fail(
    'bad-message',
    'The page sent a message that this version does not know: reload the window.',
  );
}

/** One parser an action; a new action does not compile until it has one. */
const parsers: {
  readonly [K in FileAction['kind']]: (
    fields: Fields,
  ) => Extract<FileAction, { kind: K }> | undefined;
} = {
  inspect: ({ item }) => withItem(item, parsed => ({ kind: 'inspect', item: parsed })),
  chooseInput: ({ item }) => withItem(item, parsed => ({ kind: 'chooseInput', item: parsed })),
  copy: ({ item, what }) =>
    what === 'name' || what === 'shape'
      ? withItem(item, parsed => ({ kind: 'copy', item: parsed, what }))
      : undefined,
  select: ({ item }) =>
    item === null
      ? { kind: 'select', item }
      : withItem(item, parsed => ({ kind: 'select', item: parsed })),
  revealFile: () => ({ kind: 'revealFile' }),
  checkHealth: ({ on }) => (typeof on === 'boolean' ? { kind: 'checkHealth', on } : undefined),
  reload: () => ({ kind: 'reload' }),
  openAsText: () => ({ kind: 'openAsText' }),
  drop: ({ addresses }) => {
    const parsed = parseAddresses(addresses);
    return parsed && { kind: 'drop', addresses: parsed };
  },
};

function withItem<T>(value: unknown, make: (item: FileItem) => T): T | undefined {
  const item = parseFileItem(value);
  return item && make(item);
}

/** @returns undefined unless the value names a tensor or a layer */
export function parseFileItem(value: unknown): FileItem | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, name } = value;
  if ((kind !== 'layer' && kind !== 'tensor') || typeof name !== 'string') return undefined;
  return { kind, name };
}
