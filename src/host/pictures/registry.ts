import type { PictureId } from '../../protocol/pictures';
import { distributionPicture } from './distribution';
import { gradientsPicture } from './gradients';
import type { HostPicture } from './hostPicture';
import { slicePicture } from './slice';
import { stepsPicture } from './steps';

/** Every picture, in the order of its tabs. */
export const hostPictures: { readonly [K in PictureId]: HostPicture<K> } = {
  slice: slicePicture,
  distribution: distributionPicture,
  steps: stepsPicture,
  gradients: gradientsPicture,
};

export const pictureIds = Object.keys(hostPictures) as readonly PictureId[];
