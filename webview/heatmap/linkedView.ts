import type { Viewport } from './viewport';

export interface CellAt {
  readonly row: number;
  readonly column: number;
}

/** Where heatmaps look, and which cell they point at: shared by those that are linked. */
export class LinkedView {
  private readonly listeners = new Set<() => void>();
  private currentViewport: Viewport | undefined;
  private currentCursor: CellAt = { row: 0, column: 0 };
  private pointed: CellAt | undefined;
  private speaker: object | undefined;

  /** Undefined is all of the slice, however large the canvas is. */
  get viewport(): Viewport | undefined {
    return this.currentViewport;
  }

  /** The cell that keys move, and that is described. */
  get cursor(): CellAt {
    return this.currentCursor;
  }

  /** The cell under the mouse. */
  get hovered(): CellAt | undefined {
    return this.pointed;
  }

  look(viewport: Viewport | undefined): void {
    this.currentViewport = viewport;
    this.tell();
  }

  moveTo(cursor: CellAt): void {
    if (cursor.row === this.currentCursor.row && cursor.column === this.currentCursor.column)
      return;
    this.currentCursor = cursor;
    this.tell();
  }

  hover(cell: CellAt | undefined): void {
    if (cell?.row === this.pointed?.row && cell?.column === this.pointed?.column) return;
    this.pointed = cell;
    this.tell();
  }

  /** Whether one of those that are linked says aloud where they point: all of them at once would talk over each other. */
  speaks(one: object): boolean {
    this.speaker ??= one;
    return this.speaker === one;
  }

  /** Lets one speak from now on; without one, whichever asks next. */
  letSpeak(one: object | undefined): void {
    if (one === this.speaker) return;
    this.speaker = one;
    this.tell();
  }

  /** @returns a function that stops listening */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
