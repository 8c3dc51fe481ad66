import { approachOf, type Approach } from '../../core/batchnorm/approach';
import { approachMarks, explainApproach } from '../../core/batchnorm/explainApproach';
import { channelCount, kernelRules } from '../../core/batchnorm/layer';
import { otherWeight } from '../../core/batchnorm/momentumRules';
import { pathTaken, statesTaken } from '../../core/batchnorm/pathTaken';
import { fail, ok, type Result } from '../../core/problem';
import type { PicturesHostApi } from '../../protocol/pictures';
import type {
  RecordingChoice,
  StepsApproach,
  StepsLine,
  StepsReply,
  StepsRequest,
  StepsSettings,
} from '../../protocol/pictures/steps';
import type { Handlers } from '../../protocol/rpc';
import { isIndex, isRecord, type Fields } from '../guards';
import { nothingOpen } from '../inspection/nothingOpen';
import type { Shown } from '../inspection/shown';
import type { ShownTensors } from '../inspection/shownTensors';
import type { RecordingShelf } from '../recordings/openRecordings';
import type { HostPicture } from './hostPicture';
import { recordedOf } from './stepsRecordings';

/** Momenta and recordings that one picture compares, at most. */
const mostMomenta = 8;
const mostRecordings = 8;

export const stepsPicture: HostPicture<'steps'> = {
  title: 'Over steps',
  fresh: { momenta: [0.9, 0.99, 0.999], recordings: [] },
  parse: ({ momenta, recordings }) => {
    if (!Array.isArray(momenta) || momenta.length > mostMomenta) return undefined;
    if (!momenta.every(isMomentum)) return undefined;
    if (!Array.isArray(recordings) || recordings.length > mostRecordings) return undefined;
    const choices = recordings.map(parseChoice);
    if (!choices.every(choice => choice !== undefined)) return undefined;
    return { momenta, recordings: choices };
  },
  mapFiles: ({ momenta, recordings }, change) => ({
    momenta,
    recordings: recordings.map(({ uri, layer }) => ({ uri: change(uri), layer })),
  }),
};

function isMomentum(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function parseChoice(value: unknown): RecordingChoice | undefined {
  if (!isRecord(value)) return undefined;
  const { uri, layer } = value;
  if (typeof uri !== 'string' || typeof layer !== 'string') return undefined;
  return { uri, layer };
}

/** @param shelf what follows the recordings for the page */
export function stepsHandlers(
  tensors: ShownTensors | undefined,
  shelf: RecordingShelf,
): Pick<Handlers<PicturesHostApi>, 'steps'> {
  return {
    steps: async argument => {
      const request = isRecord(argument) ? parseRequest(argument) : undefined;
      if (request === undefined) {
        return fail('bad-message', 'The panel asked for steps in a way that is not known here.');
      }
      await shelf.keep(request.settings.recordings.map(({ uri }) => uri));
      const shown = tensors?.showing;
      return shown ? overSteps(shown, request, shelf) : nothingOpen;
    },
  };
}

function parseRequest({ settings, channel }: Fields): StepsRequest | undefined {
  const parsed = isRecord(settings) && stepsPicture.parse(settings);
  return parsed && isIndex(channel) ? { settings: parsed, channel } : undefined;
}

function overSteps(
  { inspection, stepped }: Shown,
  { settings, channel }: StepsRequest,
  shelf: RecordingShelf,
): Result<StepsReply> {
  const { present, shape, flags, past } = inspection;
  const { layer } = present;
  const rank = shape.length;
  if (channel >= channelCount(layer)) {
    return fail('superseded', 'The layer has fewer channels now.');
  }
  const rules = kernelRules(layer, rank);
  const toward = (momentum: number | null): Approach =>
    approachOf(layer, rank, stepped.trace.batch, flags, channel, momentum);
  const own = toward(layer.momentum);
  const until = horizon(own);
  const compared = comparedMomenta(settings, rules.momentum.weighs, layer.momentum);
  return ok({
    explanation: explainApproach(own, rules.movingVariance.text),
    weighs: rules.momentum.weighs,
    batch: { mean: own.mean.to, variance: own.variance.to },
    states: statesTaken(inspection, channel).map(state => ({
      ...state,
      present: state.index === past.length,
    })),
    path: pathTaken(inspection, channel, rank),
    approaches: [own, ...compared.map(toward)].map(approach =>
      presentApproach(approach, approach === own, present.steps, until),
    ),
    recordings: settings.recordings.map(choice => recordedOf(shelf, choice, channel)),
  });
}

/** Those that are not the layer's own, in the convention's meaning. */
function comparedMomenta(
  { momenta }: StepsSettings,
  weighs: 'old' | 'new',
  own: number | null,
): readonly number[] {
  const here = momenta.map(momentum => (weighs === 'old' ? momentum : otherWeight(momentum)));
  return [...new Set(here)].filter(momentum => momentum !== own);
}

/** Steps that a projection is drawn for where it has no end of its own. */
const stepsWithoutEnd = 100;
const mostSteps = 1_000_000;

/** Some way past the point where the layer's own momentum is near. */
function horizon({ mean, variance }: Approach): number {
  const marks = [mean, variance].map(one => approachMarks(one).withinOnePercent ?? 0);
  const near = Math.max(...marks);
  return near === 0 ? stepsWithoutEnd : Math.min(Math.max(Math.ceil(near * 1.15), 10), mostSteps);
}

const pointsOfLine = 96;

function presentApproach(
  approach: Approach,
  own: boolean,
  from: number,
  until: number,
): StepsApproach {
  const [mean, variance] = [approachMarks(approach.mean), approachMarks(approach.variance)];
  return {
    momentum: approach.momentum,
    own,
    line: projected(approach, from, until),
    halfWay: { mean: mean.halfWay ?? null, variance: variance.halfWay ?? null },
    withinOnePercent: {
      mean: mean.withinOnePercent ?? null,
      variance: variance.withinOnePercent ?? null,
    },
  };
}

function projected({ mean, variance }: Approach, from: number, until: number): StepsLine {
  const count = Math.min(pointsOfLine, until);
  const ahead = Float64Array.from({ length: count + 1 }, (_, i) => Math.round((i * until) / count));
  return {
    steps: ahead.map(steps => from + steps),
    mean: ahead.map(steps => mean.after(steps)),
    variance: ahead.map(steps => variance.after(steps)),
  };
}
