import { svg, html, type TemplateResult, type SVGTemplateResult } from 'lit/html.js';
import type { Severity } from '../../src/core/problem';

/** A 16 × 16 line icon in the colour of its text; hidden from screen readers, for words stand beside it. */
function icon(drawing: SVGTemplateResult, kind = ''): TemplateResult {
  return html`<svg
    class="icon ${kind}"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
  >
    ${drawing}
  </svg>`;
}

export const copyIcon = icon(
  svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />`,
);

export const saveIcon = icon(
  svg`<path d="M2.5 3.5a1 1 0 0 1 1-1h7.6l2.4 2.4v7.6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1z" /><path d="M5 2.5v3.5h5v-3.5M4.5 13.5v-4.5h7v4.5" />`,
);

/** Different shapes, so that severity does not rest on colour. */
const severityDrawings: Readonly<Record<Severity, SVGTemplateResult>> = {
  error: svg`<circle cx="8" cy="8" r="6" /><path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6" />`,
  warning: svg`<path d="M8 2.2L14.2 13.5H1.8z" stroke-linejoin="round" /><path d="M8 6.3v3.7M8 11.3v.9" />`,
  note: svg`<circle cx="8" cy="8" r="6" /><path d="M8 7.2v4M8 4.6v1" />`,
};

export function severityIcon(severity: Severity): TemplateResult {
  return icon(severityDrawings[severity], `severity-${severity}`);
}

export const healthyIcon = icon(svg`<path d="M3.5 8.3l3 3 6-6.5" />`, 'severity-ok');

export const ascendingIcon = icon(svg`<path d="M4.5 9.5L8 6l3.5 3.5" />`, 'sort');
export const descendingIcon = icon(svg`<path d="M4.5 6.5L8 10l3.5-3.5" />`, 'sort');

export const editIcon = icon(svg`<path d="M10.5 2.8l2.7 2.7-7.6 7.6-3.3.6.6-3.3z" />`, 'edit');
