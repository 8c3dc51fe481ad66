import type {
  PictureAction,
  PictureId,
  PictureSettings,
  PictureState,
} from '../../protocol/pictures';
import { isRecord, type Fields } from '../guards';
import type { HostPicture } from './hostPicture';
import { hostPictures, pictureIds } from './registry';

export const freshPictures: PictureState = {
  shown: pictureIds[0] as PictureId,
  settings: settingsBy(id => hostPictures[id].fresh),
};

/** Reads what was saved; what is missing or no longer understood is as at the start. */
export function parsePictures(value: unknown): PictureState {
  if (!isRecord(value) || !isRecord(value.settings)) return freshPictures;
  const saved = value.settings;
  const read = <K extends PictureId>(id: K): PictureSettings[K] => {
    const fields = saved[id];
    const { parse, fresh }: HostPicture<K> = hostPictures[id];
    return isRecord(fields) ? (parse(fields) ?? fresh) : fresh;
  };
  return {
    shown: pictureIds.find(id => id === value.shown) ?? freshPictures.shown,
    settings: settingsBy(read),
  };
}

function settingsBy(read: <K extends PictureId>(id: K) => PictureSettings[K]): PictureSettings {
  return {
    slice: read('slice'),
    distribution: read('distribution'),
    steps: read('steps'),
    gradients: read('gradients'),
  };
}

/** @returns undefined unless the page asks for a picture that there is, with settings that it has */
export function parsePictureAction(fields: Fields): PictureAction | undefined {
  const picture = pictureIds.find(id => id === fields.picture);
  if (picture === undefined) return undefined;
  if (fields.kind === 'showPicture') return { kind: 'showPicture', picture };
  const settings = isRecord(fields.settings) && hostPictures[picture].parse(fields.settings);
  return settings ? ({ kind: 'setPicture', picture, settings } as PictureAction) : undefined;
}

/** The same action with other addresses for the files that it names. @param change is given each URI */
export function mapPictureFiles(
  action: PictureAction,
  change: (uri: string) => string,
): PictureAction {
  if (action.kind !== 'setPicture') return action;
  // Each picture's settings go to that picture's own function, which the compiler cannot follow through a union.
  const { mapFiles } = hostPictures[action.picture] as HostPicture<PictureId>;
  const { picture, settings } = action;
  if (!mapFiles) return action;
  return { kind: 'setPicture', picture, settings: mapFiles(settings, change) } as PictureAction;
}

export function applyPicture(pictures: PictureState, action: PictureAction): PictureState {
  if (action.kind === 'showPicture') return { ...pictures, shown: action.picture };
  const settings = { ...pictures.settings, [action.picture]: action.settings };
  return { ...pictures, settings };
}
