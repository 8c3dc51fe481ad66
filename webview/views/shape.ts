import { html, type TemplateResult } from 'lit/html.js';
import { formatShape } from '../../src/core/tensor/shape';
import type { Identity } from '../../src/protocol/panel';
import { countText } from '../ui/number';

/** `N 1 × H 2 × W 2 × C 4`, the channel axis underlined and said. */
export function shapeView(identity: Identity): TemplateResult {
  const { shape, axisNames, channelAxis } = identity;
  const spoken = shape
    .map(
      (size, axis) =>
        `${axisNames[axis] ?? ''} ${size}${axis === channelAxis ? ' (channels)' : ''}`,
    )
    .join(' by ');
  return html`<span
    class="shape"
    role="img"
    aria-label="shape ${spoken}"
    title=${formatShape(shape)}
  >
    ${shape.map(
      (size, axis) =>
        html`${axis === 0 ? '' : html`<span class="times">×</span>`}<span
            class="axis ${axis === channelAxis ? 'channel-axis' : ''}"
            ><span class="axis-name">${axisNames[axis] ?? ''}</span>&nbsp;${countText(size)}</span
          >`,
    )}
  </span>`;
}
