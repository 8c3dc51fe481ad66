import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { LayerHealth } from '../../src/protocol/tensorFile';
import { healthyIcon, severityIcon } from '../ui/icons';
import { countText, plural } from '../ui/number';
import { alarming, gravity, type HealthCounts } from './groupHealth';
import type { GroupNode } from './tree';

const words: Readonly<Record<LayerHealth['worst'], string>> = {
  healthy: 'healthy',
  note: 'note',
  warning: 'warning',
  error: 'error',
  unread: 'cannot be read',
};

/** A layer's health as a shape, and as words for who does not see it. */
export function healthMark(health: LayerHealth | undefined): TemplateResult {
  if (!health) {
    return html`<span class="kind unchecked" title="not checked yet"
      ><span aria-hidden="true">○</span><span class="visually-hidden">not checked yet</span></span
    >`;
  }
  const { worst, findings } = health;
  const title =
    findings.length === 0
      ? 'Nothing found in its parameters'
      : findings.map(({ message }) => message).join('\n');
  return html`<span class="kind" title=${title}
    >${iconOf(worst)}<span class="visually-hidden">${words[worst]}</span></span
  >`;
}

function iconOf(worst: LayerHealth['worst']): TemplateResult {
  return worst === 'healthy' ? healthyIcon : severityIcon(worst === 'unread' ? 'error' : worst);
}

/** A group's gravest health, so that closing it hides no alarm. */
export function groupMark(
  node: GroupNode,
  counts: HealthCounts | undefined,
): TemplateResult | typeof nothing {
  const worst = alarming(node, counts);
  if (worst === undefined) return nothing;
  const count = counts?.get(worst) ?? 0;
  const said = `${plural(count, 'batch norm')}: ${words[worst]}`;
  return html`<span class="kind" title=${said}
    >${iconOf(worst)}<span class="visually-hidden">${said}</span></span
  >`;
}

/** How many layers are how healthy, the gravest first. */
export function healthTally(counts: HealthCounts): TemplateResult | typeof nothing {
  const known = gravity.flatMap(worst => {
    const count = counts.get(worst) ?? 0;
    return count === 0 ? [] : [{ worst, count }];
  });
  if (known.length === 0) return nothing;
  return html`<ul class="health-list" aria-label="Health">
    ${known.map(
      ({ worst, count }) =>
        html`<li>
          ${iconOf(worst)}
          <p>${countText(count)} ${words[worst]}</p>
        </li>`,
    )}
  </ul>`;
}
