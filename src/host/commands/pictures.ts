import { axisNames, formatShape } from '../../core/tensor/shape';
import {
  axisOf,
  axisRoles,
  readSliceText,
  setRole,
  shownSlice,
  sliceText,
  type AxisRole,
  type SliceView,
} from '../../core/tensor/sliceView';
import { capital } from '../../core/text/format';
import type { PictureId } from '../../protocol/pictures';
import {
  axisRoleNames,
  scaleKinds,
  scaleNames,
  sliceChoiceNames,
  sliceChoices,
  type ScaleKind,
  type SliceChoice,
  type SliceSettings,
} from '../../protocol/pictures/slice';
import { elementOf } from '../inspection/presenter';
import { hostPictures, pictureIds } from '../pictures/registry';
import { onActive, perform, type ActiveInspection } from './command';
import { ask, choose } from './prompts';

/** The argument is a picture's id. */
export const showPicture = onActive('showPicture', async ({ session }, _context, argument) => {
  const { shown } = session.view.pictures;
  const choices = pictureIds.map(id => ({
    label: hostPictures[id].title,
    value: id,
    current: id === shown,
  }));
  const stated = pictureIds.find(id => id === argument);
  const picture = stated ?? (await choose<PictureId>('Picture', choices));
  if (picture) await perform(session, { kind: 'showPicture', picture });
});

/** The argument is a slice as NumPy writes it. */
export const sliceTensor = onActive('sliceTensor', async (active, _context, argument) => {
  const { shape } = active.inspection;
  const view = viewOf(active);
  const parse = (text: string): { value: SliceView } | { problem: string } => {
    const read = readSliceText(view, shape, text);
    return read.ok ? { value: read.value } : { problem: read.problem.message };
  };
  const stated = typeof argument === 'string' ? parse(argument) : undefined;
  const next =
    stated && 'value' in stated
      ? stated.value
      : await ask({
          title: 'Slice',
          prompt: `A slice of shape ${formatShape(shape)} as NumPy writes it: 0, :, 2:8, ::-1, ...`,
          value: typeof argument === 'string' ? argument : sliceText(view, shape),
          parse,
        });
  if (next) await show(active, { view: next });
});

/** What a menu says beyond a name. */
const roleHints: Readonly<Partial<Record<AxisRole, string>>> = { facets: ', one a position' };

function roleName(role: AxisRole): string {
  return axisRoleNames[role] + (roleHints[role] ?? '');
}

export const chooseAxisRole = onActive('chooseAxisRole', async active => {
  const { shape, present } = active.inspection;
  const view = viewOf(active);
  const names = axisNames(shape, present.layer.channelAxis);
  const axis = await choose(
    'Which axis?',
    shape.map((size, i) => ({
      label: `${names[i] ?? i} ${size}`,
      description: roleName(view.axes[i]?.role ?? 'fixed'),
      value: i,
    })),
  );
  if (axis === undefined) return;
  const role = await choose<AxisRole>(
    `Draw ${names[axis] ?? axis} as`,
    axisRoles.map(known => ({
      label: capital(roleName(known)),
      value: known,
      current: view.axes[axis]?.role === known,
      ...(known !== 'fixed' && axisOf(view, known) >= 0 && axisOf(view, known) !== axis
        ? { description: `changes places with ${names[axisOf(view, known)] ?? ''}` }
        : {}),
    })),
  );
  if (role) await show(active, { view: setRole(view, axis, role) });
});

const choiceHints: Readonly<Partial<Record<SliceChoice, string>>> = { both: ', side by side' };

export const chooseSliceTensor = onActive(
  'chooseSliceTensor',
  async (active, _context, argument) => {
    const { subject: now } = settingsOf(active);
    const choices = sliceChoices.map(value => ({
      label: capital(sliceChoiceNames[value]) + (choiceHints[value] ?? ''),
      value,
      current: value === now,
    }));
    const stated = sliceChoices.find(choice => choice === argument);
    const subject = stated ?? (await choose<SliceChoice>('Tensor of the slice', choices));
    if (subject) await show(active, { subject });
  },
);

export const chooseColourScale = onActive(
  'chooseColourScale',
  async (active, _context, argument) => {
    const { scale: now } = settingsOf(active);
    const choices = scaleKinds.map(value => ({
      label: capital(scaleNames[value]),
      value,
      current: value === now,
    }));
    const stated = scaleKinds.find(kind => kind === argument);
    const scale = stated ?? (await choose<ScaleKind>('Colour scale', choices));
    if (scale) await show(active, { scale });
  },
);

function settingsOf({ session }: ActiveInspection): SliceSettings {
  return session.view.pictures.settings.slice;
}

function viewOf({ session, inspection }: ActiveInspection): SliceView {
  const { shape, present } = inspection;
  const { channelAxis } = present.layer;
  const element = elementOf(session.view, shape, channelAxis);
  return shownSlice(settingsOf({ session, inspection }).view, shape, channelAxis, element);
}

/** Draws the slice otherwise, and shows it. */
async function show(active: ActiveInspection, change: Partial<SliceSettings>): Promise<void> {
  const { session, inspection } = active;
  const settings = { ...settingsOf(active), ...change };
  const set = { kind: 'setPicture', picture: 'slice', settings } as const;
  if (!(await perform(session, set))) return;
  await perform(session, { kind: 'showPicture', picture: 'slice' });
  const { channelAxis } = inspection.present.layer;
  const axis = change.view?.axes[channelAxis];
  // The channel axis is held at the selected channel: to hold it elsewhere is to select another.
  if (!axis || axis.range.count === 0 || axis.role === 'rows' || axis.role === 'columns') return;
  const channel = axis.range.start + axis.at * axis.range.step;
  if (channel !== session.view.channel) await perform(session, { kind: 'selectChannel', channel });
}
