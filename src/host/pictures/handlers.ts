import type { Handlers } from '../../protocol/rpc';
import type { PicturesHostApi } from '../../protocol/pictures';
import type { ShownTensors } from '../inspection/shownTensors';
import { distributionHandlers } from './distribution';
import { gradientsHandlers } from './gradients';
import { sliceHandlers } from './slice';

/**
 * Answers what pictures ask for.
 * @param tensors undefined where no inspection is open
 */
export function pictureHandlers(tensors: ShownTensors | undefined): Handlers<PicturesHostApi> {
  return {
    ...sliceHandlers(tensors),
    ...distributionHandlers(tensors),
    ...gradientsHandlers(tensors),
  };
}
