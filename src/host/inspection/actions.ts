import { findConvention } from '../../core/batchnorm/conventions/registry';
import { goToState, redo, undo } from '../../core/batchnorm/history';
import {
  reset,
  setChannelAxis,
  setConvention,
  setEpsilon,
  setFlags,
  setMomentum,
  setParameter,
  type Inspection,
} from '../../core/batchnorm/inspection';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import type { Flags } from '../../core/batchnorm/flags';
import { channelCount } from '../../core/batchnorm/layer';
import { assertNever, fail, ok, type Problem, type Result } from '../../core/problem';
import { formatShape } from '../../core/tensor/shape';
import type { PanelAction } from '../../protocol/panel';
import type { PictureAction } from '../../protocol/pictures';
import { applyPicture } from '../pictures/pictureState';
import { fixed } from './fixHere';
import { cancelledByUser } from '../files/fileEngine';
import { refusedStep } from './refusedStep';
import type { ViewState } from './viewState';
import { sourceTitle, type InspectionSource } from './source';

type Kinds<K extends PanelAction['kind']> = Extract<PanelAction, { kind: K }>;

/** What an inspection does itself; the rest opens or writes something, which is the host's. */
export type InspectionAction =
  | Exclude<PanelAction, Kinds<'revealSource' | 'readAgain' | 'cancelReading' | 'command' | 'drop'>>
  | ToggleFlag;

/** Turns what the flag is when its turn comes: of two commands in a row, each counts. */
export interface ToggleFlag {
  readonly kind: 'toggleFlag';
  readonly flag: keyof Flags;
}

export type EditAction =
  | Kinds<
      | 'setFlags'
      | 'setConvention'
      | 'setChannelAxis'
      | 'setEpsilon'
      | 'setMomentum'
      | 'setParameter'
      | 'fixHere'
      | 'undo'
      | 'redo'
      | 'goToState'
      | 'reset'
    >
  | ToggleFlag;

export type ViewAction =
  Kinds<'selectChannel' | 'selectElement' | 'showAllConventions' | 'query'> | PictureAction;

const viewActions: ReadonlySet<InspectionAction['kind']> = new Set<ViewAction['kind']>([
  'selectChannel',
  'selectElement',
  'showAllConventions',
  'query',
  'showPicture',
  'setPicture',
]);

export function isViewAction(action: InspectionAction): action is ViewAction {
  return viewActions.has(action.kind);
}

/**
 * The inspection after an edit. What the convention would refuse to run is a problem here, so that
 * the panel never leaves a good result for one that cannot be computed.
 * @param findings those on screen, whose fixes can be applied
 */
export function applyEdit(
  inspection: Inspection,
  action: EditAction,
  findings: readonly Finding[] = [],
): Result<Inspection> {
  const next =
    action.kind === 'fixHere'
      ? fixed(inspection, findings, action.finding)
      : edited(inspection, action);
  if (!next.ok) return next;
  const problem = refusedStep(next.value);
  return problem ? { ok: false, problem } : next;
}

function edited(
  inspection: Inspection,
  action: Exclude<EditAction, { kind: 'fixHere' }>,
): Result<Inspection> {
  switch (action.kind) {
    case 'setFlags':
      return ok(setFlags(inspection, action.flags));
    case 'toggleFlag': {
      const { flags } = inspection;
      return ok(setFlags(inspection, { ...flags, [action.flag]: !flags[action.flag] }));
    }
    case 'setConvention': {
      const found = findConvention(action.id);
      return found.ok ? ok(setConvention(inspection, found.value)) : found;
    }
    case 'setChannelAxis':
      return setChannelAxis(inspection, action.axis);
    case 'setEpsilon':
      return setEpsilon(inspection, action.value);
    case 'setMomentum':
      return setMomentum(inspection, action.value);
    case 'setParameter':
      return setParameter(inspection, action.parameter, action.channel, action.value);
    case 'undo':
      return ok(undo(inspection));
    case 'redo':
      return ok(redo(inspection));
    case 'goToState':
      return goToState(inspection, action.index);
    case 'reset':
      return ok(reset(inspection));
    default:
      return assertNever(action);
  }
}

/** The view after a selection, a filter or a widening; a problem where there is no such channel or element. */
export function applyView(
  view: ViewState,
  { shape, present }: Inspection,
  action: ViewAction,
): Result<ViewState> {
  const channels = channelCount(present.layer);
  switch (action.kind) {
    case 'selectChannel':
      if (action.channel < channels) return ok({ ...view, channel: action.channel, element: [] });
      return fail(
        'channel-out-of-range',
        `There is no channel ${action.channel}: this layer has channels 0 to ${channels - 1}.`,
      );
    case 'selectElement': {
      const { index } = action;
      const inside =
        index.length === shape.length && index.every((i, axis) => i < (shape[axis] ?? 0));
      if (inside)
        return ok({ ...view, channel: index[present.layer.channelAxis] ?? 0, element: index });
      return fail(
        'element-out-of-range',
        `There is no element ${formatShape(index)} in shape ${formatShape(shape)}: give ${shape.length} indices, each from 0 to below its dimension.`,
      );
    }
    case 'showAllConventions':
      return ok({ ...view, allConventions: action.on });
    case 'query':
      return ok({ ...view, query: action.query });
    case 'showPicture':
    case 'setPicture':
      return ok({ ...view, pictures: applyPicture(view.pictures, action) });
    default:
      return assertNever(action);
  }
}

/** The view pulled back into a layer that has fewer channels than before. */
export function clampView(view: ViewState, { present }: Inspection): ViewState {
  const last = channelCount(present.layer) - 1;
  return view.channel <= last ? view : { ...view, channel: Math.max(last, 0), element: [] };
}

/** What a panel shows of a source that the user did not wait for. */
export function readingCancelled(source: InspectionSource): Problem {
  const message = `Reading ${sourceTitle(source)} was cancelled: read it again when it is wanted.`;
  return { code: cancelledByUser, severity: 'warning', message };
}
