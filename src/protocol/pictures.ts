import type { DistributionApi, DistributionSettings } from './pictures/distribution';
import type { GradientsApi, GradientsSettings } from './pictures/gradients';
import type { SliceApi, SliceSettings } from './pictures/slice';
import type { StepsApi, StepsSettings } from './pictures/steps';

/** What a person can choose in each picture. A picture is a file beside this one, and a line here. */
export interface PictureSettings {
  readonly slice: SliceSettings;
  readonly distribution: DistributionSettings;
  readonly steps: StepsSettings;
  readonly gradients: GradientsSettings;
}

/** Below the channels of an inspection one picture of its tensors is drawn at a time. */
export type PictureId = keyof PictureSettings;

/** What pictures ask the host for while they are drawn. */
export interface PicturesHostApi extends SliceApi, DistributionApi, StepsApi, GradientsApi {}

/** Tells a picture when what it asked for is out of date: another number, another content. */
export interface PictureRevision {
  /** Of the input's elements. */
  readonly input: number;
  /** Of the layer, the flags and the output. */
  readonly result: number;
  /** Of the recordings that the page draws. */
  readonly recordings: number;
}

/** Which picture a person looks at, and how: kept with the inspection. */
export interface PictureState {
  readonly shown: PictureId;
  readonly settings: PictureSettings;
}

export interface PicturesView extends PictureState {
  readonly revision: PictureRevision;
}

type SettingsActions = {
  readonly [K in PictureId]: {
    readonly kind: 'setPicture';
    readonly picture: K;
    readonly settings: PictureSettings[K];
  };
};

export type PictureAction =
  { readonly kind: 'showPicture'; readonly picture: PictureId } | SettingsActions[PictureId];
