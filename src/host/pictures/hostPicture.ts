import type { PictureId, PictureSettings } from '../../protocol/pictures';
import type { Fields } from '../guards';

/** What the host knows of a picture besides answering its requests. */
export interface HostPicture<K extends PictureId> {
  /** For menus: `Gradients`. */
  readonly title: string;
  readonly fresh: PictureSettings[K];
  /**
   * Checks settings that came from the page or out of a saved state.
   * @returns undefined where they are none
   */
  readonly parse: (fields: Fields) => PictureSettings[K] | undefined;
  /** Where settings name files: the same settings with other addresses for them, which are URIs. */
  readonly mapFiles?: (
    settings: PictureSettings[K],
    change: (uri: string) => string,
  ) => PictureSettings[K];
}
