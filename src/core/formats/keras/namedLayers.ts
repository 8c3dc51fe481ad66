import type { LayerHint } from '../catalog';
import type { FindConfig } from './configIndex';
import { statedBy } from './positionalLayers';

/**
 * Hints for layers that their tensors' names tell (`…/bn_conv1/moving_mean`, with `:0` in Keras 2): what
 * the configuration says, and the convention.
 * @param entries names of all tensors
 */
export function namedLayers(
  entries: readonly string[],
  findConfig: FindConfig,
  convention: string | undefined,
): LayerHint[] {
  return entries.flatMap(entry => {
    const path = /^(.*)\/moving_mean(?::\d+)?$/.exec(entry)?.[1];
    if (path === undefined) return [];
    const parts = path.split('/');
    // The innermost part that is a layer's name: wrappers may put others behind it.
    let config;
    for (let i = parts.length - 1; i >= 0 && config === undefined; i--) {
      config = findConfig(parts[i] as string, parts);
    }
    return [{ name: path, ...(convention !== undefined && { convention }), ...statedBy(config) }];
  });
}

/**
 * Whose rules a file's layers follow, by the version that wrote it: tf.keras numbered itself `2.2.4-tf`
 * and, from TensorFlow 2.4 on, like TensorFlow; the stand-alone package ended with 2.3.1.
 */
export function kerasConvention(version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  if (version.startsWith('3.')) return 'keras3';
  if (/^(1\.|2\.[0-3]\.)/.test(version)) {
    return version.includes('-tf') ? 'keras2' : 'keras-standalone';
  }
  return version.startsWith('2.') ? 'keras2' : undefined;
}
