import { nothing } from 'lit/html.js';
import { directive } from 'lit/directive.js';
import { AsyncDirective } from 'lit/async-directive.js';
import type { ElementPart } from 'lit/directive.js';

/**
 * Says of a box that scrolls sideways where more of it is out of sight: its parent's `data-more` is
 * `left`, `right`, both or empty. The css fades that edge, lest half a number be taken for a whole one.
 */
class Sideways extends AsyncDirective {
  private box: HTMLElement | null = null;
  private readonly resizes = new ResizeObserver(() => this.mark());
  private readonly onScroll = (): void => this.mark();

  override render(): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart): typeof nothing {
    if (part.element !== this.box && part.element instanceof HTMLElement) this.watch(part.element);
    return nothing;
  }

  private watch(box: HTMLElement): void {
    this.box = box;
    box.addEventListener('scroll', this.onScroll, { passive: true });
    this.observe();
  }

  /** The box itself, and what it holds: either may become wider than the other. */
  private observe(): void {
    const { box } = this;
    if (!box) return;
    this.resizes.observe(box);
    // The content is not there yet when lit hands over the element.
    queueMicrotask(() => {
      if (this.isConnected) for (const child of box.children) this.resizes.observe(child);
    });
  }

  private mark(): void {
    const { box } = this;
    const frame = box?.parentElement;
    if (!box || !frame) return;
    const hidden = box.scrollWidth - box.clientWidth;
    const left = box.scrollLeft > 1 ? ['left'] : [];
    const right = hidden - box.scrollLeft > 1 ? ['right'] : [];
    frame.dataset.more = [...left, ...right].join(' ');
    frame.style.setProperty('--scrollbar', `${box.offsetWidth - box.clientWidth}px`);
  }

  override disconnected(): void {
    this.resizes.disconnect();
  }

  override reconnected(): void {
    this.observe();
  }
}

/** On the scrolling box, whose parent is a `.sideways` and whose children stay the same elements. */
export const sideways = directive(Sideways);
