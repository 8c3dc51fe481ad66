import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Problem } from '../../src/core/problem';
import { severityIcon } from '../ui/icons';

/** Why a picture cannot be drawn as it was asked for; what was drawn before stays below it. */
export function problemView(problem: Problem | undefined): TemplateResult | typeof nothing {
  if (problem === undefined) return nothing;
  return html`<p class="refusal" role="alert">
    ${severityIcon(problem.severity)} <span>${problem.message}</span>
  </p>`;
}
