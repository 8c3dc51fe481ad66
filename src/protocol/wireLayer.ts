import { findConvention } from '../core/batchnorm/conventions/registry';
import type { BatchNormLayer } from '../core/batchnorm/layer';
import { ok, type Result } from '../core/problem';
import type { WireLayer } from './engine';

export function toWireLayer(layer: BatchNormLayer): WireLayer {
  return { ...layer, convention: layer.convention.id };
}

/** @returns a problem where this build does not know the convention */
export function fromWireLayer(layer: WireLayer): Result<BatchNormLayer> {
  const found = findConvention(layer.convention);
  return found.ok ? ok({ ...layer, convention: found.value }) : found;
}
