import { describe, expect, test } from 'vitest';
import {
  applyPicture,
  freshPictures,
  parsePictureAction,
  parsePictures,
} from '../../../../src/host/pictures/pictureState';

describe('the pictures of an inspection', () => {
  const chosen = applyPicture(freshPictures, {
    kind: 'setPicture',
    picture: 'gradients',
    settings: { upstream: 'random', seed: 7 },
  });

  test('settings are read back as they were saved', () => {
    expect(chosen.settings.gradients).toEqual({ upstream: 'random', seed: 7 });
    expect(parsePictures(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen);
  });

  test('what was saved by another version is as at the start', () => {
    expect(parsePictures(undefined)).toEqual(freshPictures);
    expect(parsePictures({ shown: 'hologram', settings: {} })).toEqual(freshPictures);
    const odd = { shown: 'gradients', settings: { gradients: { upstream: 'ones', seed: -1 } } };
    expect(parsePictures(odd)).toEqual({ ...freshPictures, shown: 'gradients' });
  });

  test('a page can ask only for pictures and settings that there are', () => {
    const kind = 'setPicture';
    const settings = { upstream: 'random', seed: 3, more: true };
    expect(parsePictureAction({ kind, picture: 'gradients', settings })).toEqual({
      kind,
      picture: 'gradients',
      settings: { upstream: 'random', seed: 3 },
    });
    expect(parsePictureAction({ kind, picture: 'gradients' })).toBeUndefined();
    expect(parsePictureAction({ kind, picture: 'hologram', settings })).toBeUndefined();
    const seed = 2 ** 32;
    expect(
      parsePictureAction({ kind, picture: 'gradients', settings: { ...settings, seed } }),
    ).toBeUndefined();
  });
});
