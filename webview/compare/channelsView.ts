import { html, type TemplateResult } from 'lit/html.js';
import type { ChannelPairs, CompareHostApi, LayersView } from '../../src/protocol/compare';
import type { Client } from '../../src/protocol/rpc';
import { PictureRequest } from '../pictures/request';
import { cssProperties } from '../ui/cssProperties';
import { countText, numberView } from '../ui/number';
import type { CompareStore } from './store';

/** In pixels; the css has the same number. */
const rowHeight = 24;
/** Rows are asked for by as many at once. */
const block = 32;

/** The channels of two layers, those that differ most first: only the rows in view are asked for and drawn. */
export class ChannelList {
  private top = 0;
  private readonly request = new PictureRequest<ChannelPairs>(() => this.store.update({}));

  constructor(
    private readonly host: Client<CompareHostApi>,
    private readonly store: CompareStore,
  ) {}

  view({ channels }: LayersView, revision: number): TemplateResult {
    const start = Math.min(
      Math.floor(this.top / rowHeight / block) * block,
      Math.floor((channels - 1) / block) * block,
    );
    this.request.ask(`${revision} ${start}`, signal =>
      this.host.channels({ start, count: 2 * block }, { signal }),
    );
    const { reply } = this.request;
    return html`<div
      class="pairs"
      role="table"
      tabindex="0"
      aria-label="Parameters by channel, those that differ most first"
      aria-rowcount=${channels + 1}
      @scroll=${(event: Event) => this.scrolled(event)}
    >
      ${headView}
      <div
        class="pairs-rows"
        role="rowgroup"
        ${cssProperties({ height: `${channels * rowHeight}px` })}
      >
        ${reply ? Array.from(reply.channels, (channel, i) => rowView(reply, channel, i)) : ''}
      </div>
    </div>`;
  }

  private scrolled({ target }: Event): void {
    if (!(target instanceof HTMLElement)) return;
    const before = Math.floor(this.top / rowHeight / block);
    this.top = target.scrollTop;
    if (Math.floor(this.top / rowHeight / block) !== before) this.store.update({});
  }
}

const names = ['gamma', 'beta', 'moving mean', 'moving variance'];

const headView = html`<div class="pairs-row pairs-head" role="row" aria-rowindex="1">
  <span role="columnheader">channel</span>
  ${names.map(name => html`<span role="columnheader">${name} A</span><span role="columnheader">B</span>`)}
</div>`;

function rowView({ start, values }: ChannelPairs, channel: number, i: number): TemplateResult {
  const pair = (role: number): TemplateResult => {
    const [a, b] = [values[8 * i + 2 * role] ?? NaN, values[8 * i + 2 * role + 1] ?? NaN];
    const kind = a === b || Object.is(a, b) ? 'dim' : '';
    return html`<span role="cell" class=${kind}>${numberView(a)}</span
      ><span role="cell" class=${kind}>${numberView(b)}</span>`;
  };
  return html`<div
    class="pairs-row"
    role="row"
    aria-rowindex=${start + i + 2}
    ${cssProperties({ transform: `translateY(${(start + i) * rowHeight}px)` })}
  >
    <span role="rowheader">${countText(channel)}</span>
    ${names.map((_, role) => pair(role))}
  </div>`;
}
