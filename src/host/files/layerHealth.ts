import type { Convention } from '../../core/batchnorm/convention';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import { knownAlone } from '../../core/batchnorm/diagnose/knownAlone';
import { parameterNames } from '../../core/batchnorm/layer';
import type { Statement } from '../../core/batchnorm/statement';
import type { Problem } from '../../core/problem';
import type { LayerHealth, ListedLayer } from '../../protocol/tensorFile';
import { diagnose, layerIncomplete } from '../findings/lazyDoctor';
import type { FileLayer } from './fileEngine';

/** Findings that a layer's own parameters give, without an input. */
export async function healthOf(
  layer: number,
  { statement, channels, checkpoint }: Pick<FileLayer, 'statement' | 'channels' | 'checkpoint'>,
  fallback: Convention,
): Promise<LayerHealth> {
  const known = knownAlone(statement, channels, fallback);
  if (!known.ok) return unreadHealth(layer, known.problem);
  return healthFrom(layer, await diagnose({ ...known.value, ...(checkpoint && { checkpoint }) }));
}

/** Of a layer that cannot be made. */
export async function incompleteHealth(
  layer: number,
  incomplete: NonNullable<ListedLayer['incomplete']>,
): Promise<LayerHealth> {
  return healthFrom(layer, [await layerIncomplete(incomplete)]);
}

function healthFrom(layer: number, found: readonly Finding[]): LayerHealth {
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
