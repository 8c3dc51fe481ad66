/** Holds what a page shows; tells its listener once a turn however often it changed. */
export class ModelStore<Layout, Model extends { readonly layout: Layout }> {
  private listener: ((model: Model) => void) | null = null;
  private scheduled = false;

  constructor(private current: Model) {}

  get model(): Model {
    return this.current;
  }

  listen(listener: (model: Model) => void): void {
    this.listener = listener;
  }

  update(change: Partial<Model>): void {
    this.current = { ...this.current, ...change };
    if (this.scheduled) return;
    this.scheduled = true;
    // A microtask runs before the next paint: a toggle is on screen in the frame of its click.
    queueMicrotask(() => {
      this.scheduled = false;
      this.listener?.(this.current);
    });
  }

  updateLayout(change: Partial<Layout>): void {
    this.current = { ...this.current, layout: { ...this.current.layout, ...change } };
    this.update({});
  }
}
