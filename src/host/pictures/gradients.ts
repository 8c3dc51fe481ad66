import { explainGradients } from '../../core/batchnorm/explainGradients';
import type { Upstream } from '../../core/batchnorm/upstream';
import { ok, type Result } from '../../core/problem';
import { flatIndex } from '../../core/tensor/shape';
import type { Differentiated } from '../../protocol/engine';
import type { PicturesHostApi } from '../../protocol/pictures';
import type {
  GradientsReply,
  GradientsRequest,
  GradientsSettings,
} from '../../protocol/pictures/gradients';
import type { Handlers } from '../../protocol/rpc';
import { toWireLayer } from '../../protocol/wireLayer';
import { isIndex, isRecord, type Fields } from '../guards';
import type { ShownResult, ShownTensors } from '../inspection/shownTensors';
import { answer } from './answer';
import type { HostPicture } from './hostPicture';

export const gradientsPicture: HostPicture<'gradients'> = {
  title: 'Gradients',
  // The sum of the outputs does not depend on x where the batch normalises: all zeros explain little.
  fresh: { upstream: 'random', seed: 0 },
  parse: ({ upstream, seed }) => {
    if (upstream !== 'ones' && upstream !== 'random') return undefined;
    return isIndex(seed) && seed < 2 ** 32 ? { upstream, seed } : undefined;
  },
};

/** Rows that a page can have in view at most. */
const maximumRows = 1024;

export function gradientsHandlers(
  tensors: ShownTensors | undefined,
): Pick<Handlers<PicturesHostApi>, 'gradients'> {
  return { gradients: answer(tensors, parseRequest, differentiate) };
}

function parseRequest({ settings, element, start, count }: Fields): GradientsRequest | undefined {
  const parsed = isRecord(settings) && gradientsPicture.parse(settings);
  if (!parsed || !isIndex(start) || !isIndex(count)) return undefined;
  if (!Array.isArray(element) || !element.every(isIndex)) return undefined;
  return { settings: parsed, element, start, count: Math.min(count, maximumRows) };
}

async function differentiate(
  request: GradientsRequest,
  { engine, input, output, signal, shown }: ShownResult,
): Promise<Result<GradientsReply>> {
  const { inspection } = shown;
  const { shape, flags, present } = inspection;
  const start = flatIndex(shape, request.element);
  const elements = { start, count: 1 };
  const found = await engine.gradients(
    {
      input,
      layer: toWireLayer(present.layer),
      flags,
      upstream: upstreamOf(request.settings),
      elements,
    },
    { signal },
  );
  if (!found.ok) return found;
  const there = await engine.read({ tensor: output, ...elements }, { signal });
  if (!there.ok) return there;
  const masked = shown.input.mask !== undefined;
  return ok({
    explanation: explainGradients(
      present.layer,
      shape.length,
      flags,
      masked,
      request.settings.upstream,
    ),
    learns: present.layer.convention.updatesParameters.test(flags),
    element: { gradient: found.value.elements[0] as number, output: there.value[0] as number },
    ...rowsOf(found.value, request),
  });
}

function upstreamOf({ upstream, seed }: GradientsSettings): Upstream {
  return upstream === 'ones' ? { kind: 'ones' } : { kind: 'random', seed };
}

function rowsOf(
  { gamma, beta, summaries }: Differentiated,
  { start, count }: GradientsRequest,
): Omit<GradientsReply, 'explanation' | 'learns' | 'element'> {
  const cut = (column: Float64Array): Float64Array => column.slice(start, start + count);
  const { mean, std, min, max, nan, posInf, negInf } = summaries;
  const nonFinite = nan.map((n, c) => n + (posInf[c] as number) + (negInf[c] as number));
  return {
    start,
    gamma: cut(gamma),
    beta: cut(beta),
    mean: cut(mean),
    std: cut(std),
    min: cut(min),
    max: cut(max),
    nonFinite: cut(nonFinite),
  };
}
