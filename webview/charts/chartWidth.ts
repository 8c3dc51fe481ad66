/** How wide a chart may be: its box is watched, so that text keeps its size at every width. */
export class ChartWidth {
  private readonly resizes: ResizeObserver;
  private box: Element | undefined;
  private known = 640;

  /** @param changed called when a chart has to be drawn anew */
  constructor(changed: () => void) {
    this.resizes = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width === 0 || width === this.known) return;
      this.known = width;
      changed();
    });
  }

  /** In CSS pixels. */
  get pixels(): number {
    return this.known;
  }

  /** For `ref` on the box. */
  readonly attach = (box: Element | undefined): void => {
    if (box === this.box) return;
    if (this.box) this.resizes.unobserve(this.box);
    this.box = box;
    if (box) this.resizes.observe(box);
  };
}
