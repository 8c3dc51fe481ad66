import type { Handlers } from '../../protocol/rpc';
import type { PicturesHostApi } from '../../protocol/pictures';
import type { ShownTensors } from '../inspection/shownTensors';
import { distributionHandlers } from './distribution';
import type { RecordingShelf } from '../recordings/openRecordings';
import { gradientsHandlers } from './gradients';
import { sliceHandlers } from './slice';
import { stepsHandlers } from './steps';

/**
 * Answers what pictures ask for.
 * @param tensors undefined where no inspection is open
 * @param shelf what follows the recordings for the page
 */
export function pictureHandlers(
  tensors: ShownTensors | undefined,
  shelf: RecordingShelf,
): Handlers<PicturesHostApi> {
  return {
    ...sliceHandlers(tensors),
    ...distributionHandlers(tensors),
    ...stepsHandlers(tensors, shelf),
    ...gradientsHandlers(tensors),
  };
}
