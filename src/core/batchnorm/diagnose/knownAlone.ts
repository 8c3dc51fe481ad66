import { ok, type Result } from '../../problem';
import type { Convention } from '../convention';
import { resolveLayer, type Statement } from '../statement';
import type { Known } from './finding';

/**
 * What is known of a layer of a checkpoint, without an input: it is taken to infer.
 * @param fallback the convention where the statement names none
 */
export function knownAlone(
  statement: Statement,
  channels: number,
  fallback: Convention,
): Result<Known> {
  // Shapes do not matter to a layer alone: a batch of one value a channel has every axis.
  const { channelAxis: _, ...rest } = statement;
  const resolved = resolveLayer({ ...rest, channelAxis: 1 }, [1, channels, 1, 1], fallback);
  if (!resolved.ok) return resolved;
  return ok({
    layer: resolved.value.layer,
    rank: 4,
    flags: { training: false, trainable: true },
    stated: statement,
  });
}
