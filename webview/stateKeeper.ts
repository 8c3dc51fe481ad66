import type { PanelModel } from './store';
import type { SavedState } from './savedState';
import type { RestoreState } from '../src/protocol/panel';

/** How long the page rests before its state is written, in milliseconds: scrolling changes it all the time. */
const writeDelay = 200;

/** Writes what a reload needs, a little after it changed. */
export class StateKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private restore: RestoreState;
  private latest: SavedState;

  constructor(
    saved: SavedState,
    private readonly write: (state: SavedState) => void,
  ) {
    this.restore = saved.restore;
    this.latest = saved;
    window.addEventListener('pagehide', () => this.flush());
  }

  keep({ state, layout }: PanelModel): void {
    const before = this.restore;
    if (state?.kind === 'ready') this.restore = state.restore;
    if (state?.kind === 'failed' && state.restore !== undefined) this.restore = state.restore;
    if (before === this.restore && this.latest.layout === layout) return;
    this.latest = { restore: this.restore, layout };
    // What the host needs is written at once: a window may close at any time.
    if (before !== this.restore) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), writeDelay);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.write(this.latest);
  }
}
