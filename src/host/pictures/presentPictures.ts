import type { PictureState, PicturesView } from '../../protocol/pictures';
import type { Shown } from '../inspection/shown';

const revisions = new WeakMap<object, number>();
let lastRevision = 0;

/** Another number for each object there was: ids of the engine begin anew when it does. */
function revisionOf(subject: object): number {
  const known = revisions.get(subject);
  if (known !== undefined) return known;
  revisions.set(subject, ++lastRevision);
  return lastRevision;
}

export function presentPictures(
  shown: Shown,
  { shown: picture, settings }: PictureState,
): PicturesView {
  const revision = {
    input: revisionOf(shown.input),
    result: revisionOf(shown.stepped),
    // The page's own: see InspectionPanel.
    recordings: 0,
  };
  return { shown: picture, settings, revision };
}
