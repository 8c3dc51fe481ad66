import { anyNames } from './anyNames';
import type { NamingFamily } from './family';
import { flax } from './flax';
import { haiku } from './haiku';
import { keras } from './keras';
import { mxnet } from './mxnet';
import { paddle } from './paddle';
import { pytorch } from './pytorch';

/** Every family, the more telling names first: a tensor belongs to the first layer that has it. */
export const namingFamilies: readonly NamingFamily[] = [
  pytorch,
  keras,
  flax,
  haiku,
  paddle,
  mxnet,
  anyNames,
];
