import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ControlName, Refusal } from '../store';
import { severityIcon } from '../ui/icons';

/** Why the last action was refused, beside the control it came from. */
export function refusalView(
  refusal: Refusal | null,
  control: ControlName,
): TemplateResult | typeof nothing {
  if (refusal?.control !== control) return nothing;
  const { problem } = refusal;
  return html`<p class="refusal" role="alert">
    ${severityIcon(problem.severity)} <span>${problem.message}</span>
  </p>`;
}
