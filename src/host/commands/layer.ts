import { conventions } from '../../core/batchnorm/conventions/registry';
import { channelCount, parameterNames, type ParameterName } from '../../core/batchnorm/layer';
import type { Inspection } from '../../core/batchnorm/inspection';
import { parameterLabels } from '../../core/batchnorm/statement';
import { formatFloat32 } from '../../core/text/format';
import { axisNames } from '../../core/tensor/shape';
import { applyEdit, type EditAction } from '../inspection/actions';
import { isIndex } from '../guards';
import { parsePanelAction } from '../panel/parsePanelAction';
import { onActive, perform, type ActiveInspection } from './command';
import { parseIndices, parseNumber } from './parseNumber';
import { ask, choose, type Choice } from './prompts';

export const chooseConvention = onActive(
  'chooseConvention',
  async ({ session, inspection }, _context, argument) => {
    const choices = conventions.map(convention => ({
      label: convention.name,
      description: convention.api,
      detail: convention.versions,
      value: convention.id,
      current: convention === inspection.present.layer.convention,
    }));
    const id =
      typeof argument === 'string'
        ? argument
        : await choose('Convention', choices, 'Whose rules should this layer follow?');
    if (id !== undefined) await perform(session, { kind: 'setConvention', id });
  },
);

export const chooseChannelAxis = onActive(
  'chooseChannelAxis',
  async ({ session, inspection }, _context, argument) => {
    const { shape, present } = inspection;
    const own = present.layer.channelAxis;
    const choices = shape.map((size, axis) => ({
      label: `Axis ${axis}`,
      description: `${axisNames(shape, axis).join(' ')} · ${size} ${size === 1 ? 'channel' : 'channels'}`,
      value: axis,
      current: axis === own,
    }));
    const axis = isIndex(argument) ? argument : await choose('Channel axis', choices);
    if (axis !== undefined) await perform(session, { kind: 'setChannelAxis', axis });
  },
);

type Editable = ParameterName | 'epsilon' | 'momentum';

export const editParameter = onActive('editParameter', async (active, _context, argument) => {
  const given = parsePanelAction(argument);
  const action = given.ok && isEdit(given.value) ? given.value : await askEdit(active);
  if (action) await perform(active.session, action);
});

const editKinds: ReadonlySet<string> = new Set(['setParameter', 'setEpsilon', 'setMomentum']);

function isEdit(action: { readonly kind: string }): action is EditAction {
  return editKinds.has(action.kind);
}

async function askEdit({ session, inspection }: ActiveInspection): Promise<EditAction | undefined> {
  const { layer } = inspection.present;
  const { channel } = session.view;
  const vectors = parameterNames.map((name): Choice<Editable> => {
    const value = formatFloat32(layer[name][channel] ?? NaN);
    return {
      label: parameterLabels[name],
      description: `channel ${channel}: ${value}`,
      value: name,
    };
  });
  const name = await choose<Editable>('Edit parameter', [
    ...vectors,
    { label: 'epsilon', description: String(layer.epsilon), value: 'epsilon' },
    { label: 'momentum', description: formatMomentum(layer.momentum), value: 'momentum' },
  ]);
  if (name === undefined) return undefined;
  if (name === 'epsilon') return askEpsilon(inspection);
  if (name === 'momentum') return askMomentum(inspection);
  const target = await askChannels(channel, channelCount(layer));
  return target === undefined ? undefined : askValue(inspection, name, target);
}

/** @returns null for all channels */
async function askChannels(selected: number, channels: number): Promise<number | null | undefined> {
  const target = await choose<number | 'all' | 'other'>('Which channel?', [
    { label: `Channel ${selected}`, description: 'selected', value: selected },
    { label: 'All channels', value: 'all' },
    { label: 'Another channel…', value: 'other' },
  ]);
  if (target === 'all') return null;
  return target === 'other' ? askChannel(channels) : target;
}

function askChannel(channels: number): Promise<number | undefined> {
  return ask({
    title: 'Channel',
    prompt: `0 to ${channels - 1}`,
    value: '',
    parse: text => {
      const channel = parseNumber(text);
      return isIndex(channel) && channel < channels
        ? { value: channel }
        : { problem: `Give a whole number from 0 to ${channels - 1}.` };
    },
  });
}

function askValue(
  inspection: Inspection,
  parameter: ParameterName,
  channel: number | null,
): Promise<EditAction | undefined> {
  const { layer } = inspection.present;
  const where = channel === null ? 'all channels' : `channel ${channel}`;
  return askAction(inspection, {
    title: `${parameterLabels[parameter]} of ${where}`,
    prompt: 'A number; NaN and Infinity are allowed.',
    value: formatFloat32(layer[parameter][channel ?? 0] ?? NaN),
    action: value => ({ kind: 'setParameter', parameter, channel, value }),
  });
}

function askEpsilon(inspection: Inspection): Promise<EditAction | undefined> {
  return askAction(inspection, {
    title: 'Epsilon',
    prompt: 'Added to the variance inside the root.',
    value: String(inspection.present.layer.epsilon),
    action: value => ({ kind: 'setEpsilon', value }),
  });
}

function askMomentum(inspection: Inspection): Promise<EditAction | undefined> {
  const { momentum, convention } = inspection.present.layer;
  const cumulative = convention.momentum.allowsCumulative;
  return askAction(inspection, {
    title: 'Momentum',
    prompt: `The weight of the ${convention.momentum.weighs} value in ${convention.name}${cumulative ? ', or "none" for the cumulative average' : ''}.`,
    value: formatMomentum(momentum),
    action: value => ({ kind: 'setMomentum', value }),
    ...(cumulative ? { none: { kind: 'setMomentum', value: null } as const } : {}),
  });
}

interface ActionQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly action: (value: number) => EditAction;
  /** What the word `none` stands for. */
  readonly none?: EditAction;
}

/** Asks for a number, and says at once what the inspection would say to it. */
function askAction(
  inspection: Inspection,
  question: ActionQuestion,
): Promise<EditAction | undefined> {
  const { title, prompt, value, none } = question;
  return ask({
    title,
    prompt,
    value,
    parse: text => {
      if (none && text.trim().toLowerCase() === 'none') return { value: none };
      const number = parseNumber(text);
      if (number === undefined) return { problem: 'Give a number, such as 0.001 or 1e-5.' };
      const action = question.action(number);
      const applied = applyEdit(inspection, action);
      return applied.ok ? { value: action } : { problem: applied.problem.message };
    },
  });
}

function formatMomentum(momentum: number | null): string {
  return momentum === null ? 'none' : String(momentum);
}

export const selectChannel = onActive(
  'selectChannel',
  async ({ session, inspection }, _context, argument) => {
    const channels = channelCount(inspection.present.layer);
    const channel = isIndex(argument) ? argument : await askChannel(channels);
    if (channel !== undefined) await perform(session, { kind: 'selectChannel', channel });
  },
);

export const selectElement = onActive(
  'selectElement',
  async ({ session, inspection }, _context, argument) => {
    const { shape } = inspection;
    const problem = `Give ${shape.length} indices below ${shape.join(', ')}, such as ${shape.map(() => 0).join(', ')}.`;
    const fits = (index: readonly number[]): boolean =>
      index.length === shape.length && index.every((i, axis) => i < (shape[axis] ?? 0));
    const index =
      Array.isArray(argument) && argument.every(isIndex)
        ? argument
        : await ask({
            title: 'Element',
            prompt: `Index in shape [${shape.join(', ')}]`,
            value: shape.map(() => 0).join(', '),
            parse: text => {
              const indices = parseIndices(text);
              return indices && fits(indices) ? { value: indices } : { problem };
            },
          });
    if (index) await perform(session, { kind: 'selectElement', index });
  },
);
