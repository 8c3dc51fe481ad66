import type { Convention } from '../../core/batchnorm/convention';
import { knownAlone } from '../../core/batchnorm/diagnose/knownAlone';
import { parameterNames } from '../../core/batchnorm/layer';
import type { Statement } from '../../core/batchnorm/statement';
import type { Problem } from '../../core/problem';
import type { LayerHealth } from '../../protocol/tensorFile';
import { diagnose } from '../findings/lazyDoctor';

/** Findings that a layer's own parameters give, without an input. */
export async function healthOf(
  layer: number,
  statement: Statement,
  channels: number,
  fallback: Convention,
): Promise<LayerHealth> {
  const known = knownAlone(statement, channels, fallback);
  if (!known.ok) return unreadHealth(layer, known.problem);
  const found = await diagnose(known.value);
  const findings = found.map(({ severity, message, fix }) => ({ severity, message, fix }));
  return { layer, worst: findings[0]?.severity ?? 'healthy', findings };
}

export function unreadHealth(layer: number, { message }: Problem): LayerHealth {
  return { layer, worst: 'unread', findings: [{ severity: 'error', message, fix: '' }] };
}

/** A number that is another when any of the parameters is: FNV-1a over their bytes. */
export function parameterDigest({ parameters, batchesTracked = 0 }: Statement): number {
  let hash = 0x811c9dc5 ^ batchesTracked;
  for (const name of parameterNames) {
    const values = parameters[name];
    if (!values) continue;
    const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
    hash = Math.imul(hash ^ words.length, 0x01000193);
  }
  return hash >>> 0;
}
