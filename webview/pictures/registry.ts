import { distributionPicture } from './distribution';
import { gradientsPicture } from './gradients';
import type { MakePicture } from './picture';
import { slicePicture } from './slice';
import { stepsPicture } from './steps';

/** Every picture, in the order of the tabs. */
export const makePictures: readonly MakePicture[] = [
  slicePicture,
  distributionPicture,
  stepsPicture,
  gradientsPicture,
];
