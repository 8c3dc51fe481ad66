import type { ChannelColumn } from '../src/core/batchnorm/channelTable';
import type { Flags } from '../src/core/batchnorm/flags';
import type { PanelAction } from '../src/protocol/panel';
import type { PictureAction, PictureId, PictureSettings } from '../src/protocol/pictures';
import type { Problem, Result } from '../src/core/problem';
import { afterShow, type ControlName, type PanelModel, type Store } from './store';

/** Does an action in the host. */
export type Act = (action: PanelAction) => Promise<Result<null>>;

/** Typing in the filter asks the host once it has paused this long, in milliseconds. */
const filterDelay = 120;

/** What the views can do. Pending values show at once; the host's answer replaces them. */
export class PanelActions {
  private filterTimer: ReturnType<typeof setTimeout> | undefined;
  private selecting = false;

  constructor(
    private readonly store: Store,
    private readonly send: Act,
  ) {}

  /** @param control what shows the message when the host refuses */
  async act(action: PanelAction, control: ControlName = 'panel'): Promise<boolean> {
    this.store.update({ refusal: null });
    const result = await this.send(action);
    if (result.ok || result.problem.code === 'cancelled') return true;
    this.refuse(control, result.problem);
    return false;
  }

  /** Changes some of what a picture is set to. @returns whether it was accepted */
  changePicture<K extends PictureId>(
    picture: K,
    settings: PictureSettings[K],
    change: Partial<PictureSettings[K]>,
  ): Promise<boolean> {
    // The compiler does not follow that a picture and its own settings are one of the actions.
    const action = {
      kind: 'setPicture',
      picture,
      settings: { ...settings, ...change },
    } as PictureAction;
    return this.act(action, 'picture');
  }

  refuse(control: ControlName, problem: Problem): void {
    this.store.update({ refusal: { control, problem } });
  }

  /** Says what would be right for a value that cannot even be sent. */
  refuseText(control: ControlName, message: string): void {
    this.refuse(control, { code: 'not-a-number', severity: 'error', message });
  }

  async setFlags(flags: Flags): Promise<void> {
    this.store.update({ pendingFlags: flags });
    const accepted = await this.act({ kind: 'setFlags', flags }, 'flags');
    if (!accepted) this.store.update({ pendingFlags: null });
  }

  /** Selects a channel; while one is on its way, only the last of those asked for meanwhile follows. */
  async selectChannel(channel: number): Promise<void> {
    this.store.update({ pendingChannel: channel });
    if (this.selecting) return;
    this.selecting = true;
    let sent: number | null = null;
    for (;;) {
      const wanted = this.store.model.pendingChannel;
      if (wanted === null || wanted === sent) break;
      sent = wanted;
      const accepted = await this.act({ kind: 'selectChannel', channel: wanted });
      if (!accepted) this.store.update({ pendingChannel: null });
    }
    this.selecting = false;
  }

  /** Sorts by a column; the same column again turns the order round. */
  sort(model: PanelModel, column: ChannelColumn): void {
    if (model.state?.kind !== 'ready') return;
    const { query } = model.state.view.channels;
    const descending = query.sort === column ? !query.descending : sortsDescending.has(column);
    void this.act({ kind: 'query', query: { ...query, sort: column, descending } });
  }

  filter(text: string): void {
    clearTimeout(this.filterTimer);
    this.filterTimer = setTimeout(() => {
      const { state } = this.store.model;
      if (state?.kind !== 'ready' || state.view.channels.query.filter === text) return;
      const query = { ...state.view.channels.query, filter: text };
      void this.act({ kind: 'query', query });
    }, filterDelay);
  }

  show(state: NonNullable<PanelModel['state']>): void {
    this.store.update(afterShow(this.store.model, state));
  }
}

/** Columns whose largest values are what one looks for first. */
const sortsDescending: ReadonlySet<ChannelColumn> = new Set<ChannelColumn>(['drift', 'health']);
