import type { TemplateResult } from 'lit/html.js';
import type { InspectionView, PanelHostApi } from '../../src/protocol/panel';
import type { PictureId } from '../../src/protocol/pictures';
import type { Client } from '../../src/protocol/rpc';
import type { PanelActions } from '../actions';
import type { PanelModel, Store } from '../store';

/** What a picture is made of: it asks the host itself, and keeps what it was answered. */
export interface PictureParts {
  readonly host: Client<PanelHostApi>;
  readonly actions: PanelActions;
  readonly store: Store;
}

/** A picture of an inspection's tensors. Only the one that is shown is drawn, and only it asks for anything. */
export interface Picture {
  readonly id: PictureId;
  /** Of its tab. */
  readonly label: string;
  /** For the tab: what it shows, in a few words. */
  readonly hint: string;
  view(view: InspectionView, model: PanelModel): TemplateResult;
}

export type MakePicture = (parts: PictureParts) => Picture;
