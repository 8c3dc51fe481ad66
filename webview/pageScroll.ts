import type { PanelModel } from './store';

/** Brings the page back to where it was before a reload, once there is something to scroll. */
export class PageScroll {
  private restored = false;

  /** @param top pixels, as last told to `moved` */
  constructor(
    private readonly top: number,
    moved: (top: number) => void,
  ) {
    window.addEventListener('scroll', () => {
      if (this.restored) moved(window.scrollY);
    });
  }

  afterRender({ state }: PanelModel): void {
    if (this.restored || state?.kind !== 'ready') return;
    this.restored = true;
    window.scrollTo(0, this.top);
  }
}
