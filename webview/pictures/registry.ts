import { distributionPicture } from './distribution';
import { gradientsPicture } from './gradients';
import type { MakePicture } from './picture';
import { slicePicture } from './slice';

/** Every picture, in the order of the tabs. */
export const makePictures: readonly MakePicture[] = [
  slicePicture,
  distributionPicture,
  gradientsPicture,
];
