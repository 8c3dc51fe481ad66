import { fail, ok, type Result } from '../../core/problem';
import type { PanelAction } from '../../protocol/panel';
import { isRecord } from '../guards';
import type { InspectionAction } from '../inspection/actions';
import type { InspectionSession } from '../inspection/session';
import {
  isLayerSource,
  parseSource,
  readsProgram,
  type InspectionSource,
} from '../inspection/source';
import { parsePanelAction } from '../panel/parsePanelAction';
import { freshPictures, mapPictureFiles } from '../pictures/pictureState';
import { pictureIds } from '../pictures/registry';

/** What a link opens, and what is then done to see the same. */
export interface LinkedView {
  readonly source: InspectionSource;
  readonly actions: readonly InspectionAction[];
  /** Every file or document that is read for them. */
  readonly files: readonly string[];
}

const version = 1;

/** Longest link that is read; those that are made are far shorter. */
const longest = 16_384;

/** What a link may do: look, and choose how the layer runs. Nothing of it writes, steps or opens something else. */
const harmless: ReadonlySet<PanelAction['kind']> = new Set<PanelAction['kind']>([
  'setConvention',
  'setChannelAxis',
  'setFlags',
  'setEpsilon',
  'setMomentum',
  'selectElement',
  'selectChannel',
  'showAllConventions',
  'query',
  'showPicture',
  'setPicture',
]);

/** The query of a link to what an inspection shows. @param shorten makes a file's address one that others have too */
export function writeLink(
  session: InspectionSession,
  shorten: (uri: string) => string,
): Result<string> {
  const { inspection, view, source } = session;
  if (!inspection) return fail('nothing-open', 'There is nothing to link to yet.');
  const { steps, edited, layer } = inspection.present;
  if (steps > 0 || edited.some(what => what !== 'epsilon' && what !== 'momentum')) {
    // A link carries no parameters: whoever opened it would see other numbers.
    const message =
      'A link cannot carry steps and what-ifs: reset the inspection, or save it and link to that file.';
    return fail('link-history', message);
  }
  const { shown, settings } = view.pictures;
  const actions: InspectionAction[] = [
    { kind: 'setConvention', id: layer.convention.id },
    { kind: 'setChannelAxis', axis: layer.channelAxis },
    ...(edited.includes('epsilon') ? [{ kind: 'setEpsilon', value: layer.epsilon } as const] : []),
    ...(edited.includes('momentum')
      ? [{ kind: 'setMomentum', value: layer.momentum } as const]
      : []),
    { kind: 'setFlags', flags: inspection.flags },
    ...(view.allConventions ? [{ kind: 'showAllConventions', on: true } as const] : []),
    { kind: 'query', query: view.query },
    view.element.length > 0
      ? { kind: 'selectElement', index: view.element }
      : { kind: 'selectChannel', channel: view.channel },
    ...pictureIds
      .filter(id => settings[id] !== freshPictures.settings[id])
      .map(id => ({ kind: 'setPicture', picture: id, settings: settings[id] }) as InspectionAction),
    { kind: 'showPicture', picture: shown },
  ];
  const state = {
    version,
    source: withUris(source, shorten),
    actions: actions.map(action => withFiles(action, shorten)),
  };
  return ok(`${before}${encodeURIComponent(JSON.stringify(state))}`);
}

/**
 * Reads a link's query. It may come from anywhere: every part is checked, and what is not known is refused whole.
 * @param lengthen finds the file that a short address means
 */
export function readLink(
  query: string,
  lengthen: (address: string) => Result<string>,
): Result<LinkedView> {
  const state = parseState(query);
  if (state === undefined) return refused();
  const short = parseSource(state.source);
  // A link comes from anywhere: what it says is never evaluated in a program.
  if (!short || readsProgram(short) || !Array.isArray(state.actions)) return refused();
  const actions: InspectionAction[] = [];
  for (const value of state.actions as readonly unknown[]) {
    const parsed = parsePanelAction(value);
    if (!parsed.ok || !harmless.has(parsed.value.kind)) return refused();
    actions.push(parsed.value as InspectionAction);
  }
  let problem: Result<never> | undefined;
  const files = new Set<string>();
  const longer = (address: string): string => {
    const found = lengthen(address);
    if (!found.ok) {
      problem ??= found;
      return address;
    }
    files.add(found.value);
    return found.value;
  };
  const source = withUris(short, longer);
  const readable = actions.map(action => withFiles(action, longer));
  return problem ?? ok({ source, actions: readable, files: [...files] });
}

/** What stands before the state; nothing stands behind it. */
const before = 'view=';

/** How often hosts may have encoded a query: some hand it on decoded, some as it was written, some encoded once more. */
const mostDecodings = 2;

function parseState(query: string): Readonly<Record<string, unknown>> | undefined {
  if (query.length > longest || !query.startsWith(before)) return undefined;
  let text = query.slice(before.length);
  for (let decoded = 0; !text.startsWith('{') && decoded < mostDecodings; decoded++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  try {
    const state: unknown = JSON.parse(text);
    return isRecord(state) && state.version === version ? state : undefined;
  } catch {
    return undefined;
  }
}

function refused(): Result<never> {
  return fail(
    'link-invalid',
    'This link is not one that this version of Normscope understands: copy it again where it came from.',
  );
}

/** The same action with other addresses of the files that it names. */
function withFiles(action: InspectionAction, change: (uri: string) => string): InspectionAction {
  return action.kind === 'setPicture' ? mapPictureFiles(action, change) : action;
}

/** The same source with other addresses, that of its input too. */
function withUris(source: InspectionSource, change: (uri: string) => string): InspectionSource {
  const uri = change(source.uri);
  if (!isLayerSource(source) || source.input.kind !== 'source') return { ...source, uri };
  const inner = source.input.source;
  const input = { kind: 'source', source: { ...inner, uri: change(inner.uri) } } as const;
  return { ...source, uri, input };
}
