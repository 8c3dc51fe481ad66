import { gradientsPicture } from './gradients';
import type { MakePicture } from './picture';

/** Every picture, in the order of the tabs. */
export const makePictures: readonly MakePicture[] = [gradientsPicture];
