import { fail, ok, type Result } from '../../problem';
import type { Convention } from '../convention';
import { caffe } from './caffe';
import { flax } from './flax';
import { haiku } from './haiku';
import { keras2 } from './keras2';
import { keras3 } from './keras3';
import { kerasStandalone } from './kerasStandalone';
import { mxnet } from './mxnet';
import { onnx } from './onnx';
import { paddle } from './paddle';
import { pytorch } from './pytorch';
import { tf1 } from './tf1';
import { tf1Unfused } from './tf1Unfused';
import { tfjs } from './tfjs';

/** Every convention this build knows, in the order pickers and the CLI show them. */
export const conventions: readonly Convention[] = [
  tf1,
  tf1Unfused,
  keras2,
  kerasStandalone,
  keras3,
  pytorch,
  onnx,
  flax,
  haiku,
  tfjs,
  caffe,
  mxnet,
  paddle,
];

export const defaultConvention = tf1;

/** @returns the convention of that id, or a problem that names those there are */
export function findConvention(id: string): Result<Convention> {
  const found = conventions.find(convention => convention.id === id);
  if (found) return ok(found);
  const known = conventions.map(convention => convention.id).join(', ');
  return fail('unknown-convention', `Unknown convention "${id}": use one of ${known}.`);
}
