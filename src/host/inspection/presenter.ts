import type { ConventionChoice } from '../../core/batchnorm/matrix';
import { conventionChoice, flagMatrix } from '../../core/batchnorm/matrix';
import {
  initialMovingVariance,
  translateMomentum,
  type Convention,
} from '../../core/batchnorm/convention';
import { conventions } from '../../core/batchnorm/conventions/registry';
import { verdict, workedFormula } from '../../core/batchnorm/explain';
import type { Inspection } from '../../core/batchnorm/inspection';
import { channelCount, freshParameters, parameterNames } from '../../core/batchnorm/layer';
import {
  parameterLabels,
  pathName,
  statedConvention,
  type Statement,
} from '../../core/batchnorm/statement';
import { formatSignificant } from '../../core/text/format';
import { countBounds } from '../../core/statistics/channels';
import { axisNames, type Shape } from '../../core/tensor/shape';
import type { AxisChoice, Banner, FlagsView, Identity, InspectionView } from '../../protocol/panel';
import type { ViewState } from './viewState';
import { presentPictures } from '../pictures/presentPictures';
import type { RowWindow, Shown } from './shown';

/** What the panel needs beyond the result itself. */
export interface Presentation {
  readonly title: string;
  /** Where the tensor came from, for a person. */
  readonly source: string;
  /** Where the input of a layer of a file comes from; empty for inputs that come with their layer. */
  readonly layerInput: string;
  readonly view: ViewState;
  /** The input at the selected element. */
  readonly elementInput: number;
  readonly rows: RowWindow;
  readonly banner: Banner | null;
  readonly busy: boolean;
  /** What happened to the inspection itself: started over, history forgotten. */
  readonly notes: readonly string[];
  /** The convention where nothing states one. */
  readonly fallback: Convention;
}

const choices: readonly ConventionChoice[] = conventions.map(conventionChoice);

/** Everything the panel shows, from a result. Pure. */
export function presentInspection(shown: Shown, at: Presentation): InspectionView {
  const { inspection, stepped, findings, table } = shown;
  const { layer } = inspection.present;
  const rank = inspection.shape.length;
  const { view } = at;
  const element = elementOf(view, inspection.shape, layer.channelAxis);
  const { channel } = view;
  const order = at.rows.order(table, view.query);
  return {
    identity: presentIdentity(shown, at),
    flags: presentFlags(shown),
    verdict: verdict(layer, rank, inspection.flags),
    formula: workedFormula(layer, stepped.trace, rank, inspection.flags, {
      channel,
      x: at.elementInput,
    }),
    matrix: flagMatrix({
      inspection,
      batch: stepped.trace.batch,
      channel,
      element,
      input: at.elementInput,
      allConventions: view.allConventions,
    }),
    channels: {
      query: view.query,
      filterProblem: order.filterProblem,
      total: channelCount(layer),
      matching: order.channels.length,
      selected: channel,
      selectedRow: order.channels.indexOf(channel),
      rows: at.rows.rows(table, view.query),
    },
    pictures: presentPictures(shown, view.pictures),
    findings: findings.map(({ whatIf: _, ...finding }, i) => ({
      ...finding,
      fixHere: shown.fixes[i] ?? '',
    })),
    fixed: shown.fixed,
    banner: at.banner,
    busy: at.busy,
  };
}

/** The selected element, or the first of the selected channel where that does not fit the shape. */
export function elementOf(view: ViewState, shape: Shape, channelAxis: number): readonly number[] {
  const { element, channel } = view;
  const fits =
    element.length === shape.length &&
    element.every((index, axis) => index < (shape[axis] ?? 0)) &&
    element[channelAxis] === channel;
  return fits ? element : shape.map((_, axis) => (axis === channelAxis ? channel : 0));
}

function presentIdentity({ inspection, input, stepped }: Shown, at: Presentation): Identity {
  const { layer } = inspection.present;
  const { shape } = inspection;
  const axes = axisChoices(inspection);
  const [n, mostN] = countBounds(stepped.trace.batch);
  return {
    title: at.title,
    source: at.source,
    layerInput: at.layerInput,
    shape,
    axisNames: axisNames(shape, layer.channelAxis),
    dtype: input.handle.dtype,
    n,
    mostN,
    convention: conventionChoice(layer.convention),
    conventions: choices,
    path: pathName(layer, shape.length) ?? '',
    channelAxis: layer.channelAxis,
    axes,
    ambiguous: ambiguity(inspection, axes),
    notes: [...at.notes, ...input.notes, ...assumptions(inspection, at.fallback)],
  };
}

/** Every axis, under the name it would have as the channel axis' neighbour now. */
function axisChoices({ shape, statement, present }: Inspection): AxisChoice[] {
  const names = axisNames(shape, present.layer.channelAxis);
  const lengths = parameterNames.flatMap(name => {
    const length = statement.parameters[name]?.length;
    return length === undefined || length === 1 ? [] : [length];
  });
  return shape.map((size, axis) => ({
    axis,
    name: names[axis] ?? `d${axis}`,
    size,
    fits: lengths.every(length => length === size),
  }));
}

/** Another axis fits as well when nobody stated one and the parameters do not decide. */
function ambiguity({ statement, present }: Inspection, axes: readonly AxisChoice[]): string {
  if (statement.channelAxis !== undefined || present.edited.includes('axis')) return '';
  const stated = parameterNames.some(name => (statement.parameters[name]?.length ?? 1) > 1);
  const own = present.layer.channelAxis;
  const others = axes.filter(choice => choice.fits && choice.axis !== own && choice.axis > 0);
  if (!stated || others.length === 0) return '';
  const list = others.map(choice => String(choice.axis)).join(' and ');
  const verb = others.length === 1 ? 'fits' : 'fit';
  return `Axis ${list} ${verb} the parameters as well: nothing states the channel axis, so ${own} is ${present.layer.convention.name}'s usual one.`;
}

/** What nobody stated, in one or two sentences. */
function assumptions(inspection: Inspection, fallback: Convention): string[] {
  const { statement, present } = inspection;
  const { layer } = present;
  const notes: string[] = [];
  const byDefault = parameterNames.filter(name => statement.parameters[name] === undefined);
  if (byDefault.length > 0) {
    const fresh = freshParameters(1, initialMovingVariance(layer.convention));
    const values = byDefault.map(name => `${parameterLabels[name]} ${fresh[name][0] ?? 0}`);
    notes.push(`Not stated, so a fresh layer's: ${values.join(', ')}.`);
  }
  const numbers = (['epsilon', 'momentum'] as const).filter(
    name => statement[name] === undefined && !present.edited.includes(name),
  );
  if (numbers.length > 0) {
    const values = numbers.map(name => `${name} ${formatNumberOrNone(layer[name])}`);
    notes.push(`Not stated, so ${layer.convention.name}'s default: ${values.join(', ')}.`);
  }
  const stated = statedConvention(statement, fallback);
  if (statement.convention === undefined && stated.ok && stated.value === layer.convention) {
    notes.push(`No convention stated: ${meaningOf(statement, layer.convention.name)}.`);
  }
  return notes;
}

function meaningOf({ implied }: Statement, name: string): string {
  return implied
    ? `${implied.by} means ${name}`
    : `${name} is the setting normscope.defaultConvention`;
}

function presentFlags({ inspection, stepped }: Shown): FlagsView {
  const { present, past, future, base, flags } = inspection;
  const { layer } = present;
  return {
    flags,
    flagNames: layer.convention.flagNames,
    epsilon: layer.epsilon,
    epsilonUsed: stepped.trace.epsilon,
    momentum: layer.momentum,
    momentumElsewhere: momentumElsewhere(layer.momentum, layer.convention),
    allowsCumulative: layer.convention.momentum.allowsCumulative,
    steps: present.steps,
    undo: past.at(-1)?.label ?? '',
    redo: future[0]?.label ?? '',
    changed: present !== base,
    edited: present.edited,
  };
}

/** The same momentum in the first convention that means the other weight by it. */
export function momentumElsewhere(momentum: number | null, here: Convention): string {
  if (momentum === null) return 'none: the cumulative average of all batches';
  const there = conventions.find(other => other.momentum.weighs !== here.momentum.weighs);
  if (!there) return '';
  const translated = translateMomentum(momentum, here, there);
  return `${formatSignificant(momentum)} here is ${formatNumberOrNone(translated)} in ${there.name}`;
}

function formatNumberOrNone(x: number | null): string {
  return x === null ? 'none' : formatSignificant(x);
}
