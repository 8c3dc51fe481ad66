import type { ChannelQuery } from '../../core/batchnorm/channelTable';
import type { PictureState } from '../../protocol/pictures';

/** What the user looks at within an inspection. */
export interface ViewState {
  readonly channel: number;
  /** Multi-index; empty until the user picks one, which means the channel's first. */
  readonly element: readonly number[];
  readonly allConventions: boolean;
  readonly query: ChannelQuery;
  readonly pictures: PictureState;
}
