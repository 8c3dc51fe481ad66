import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Finding } from '../../src/core/batchnorm/diagnose/finding';
import type { Problem } from '../../src/core/problem';
import type { Tolerance } from '../../src/core/statistics/compare';
import { formatSetting } from '../../src/core/text/format';
import { button, checkbox, progressRing, textField } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { parseNumber } from '../ui/parseNumber';
import { evidenceView } from '../views/findings';

/** How near two things are, as a sign. */
export const marks = { equal: '=', within: '≈', out: '≠' } as const;

export const closenessWords = {
  equal: 'equal',
  within: 'within tolerance',
  out: 'out of tolerance',
} as const;

/** What every page that compares can ask for. */
export type ToleranceAction =
  | { readonly kind: 'setTolerance'; readonly tolerance: Tolerance }
  | { readonly kind: 'swap' }
  | { readonly kind: 'readAgain' };

type Act = (action: ToleranceAction) => void;

function againButton(act: Act): TemplateResult {
  return button({ text: 'Read again', press: () => act({ kind: 'readAgain' }) });
}

export interface ToleranceProps {
  readonly tolerance: Tolerance;
  /** A newer result is being computed. */
  readonly busy: boolean;
}

/** What cannot be compared, and why. */
export function failedView(title: string, problem: Problem, act: Act): TemplateResult {
  return html`<div class="state failed" role="alert">
    <h1>${title}</h1>
    <p>${problem.message}</p>
    ${againButton(act)}
  </div>`;
}

/** The tolerance, and what is done with both sides. @param more further buttons */
export function toleranceView(
  { tolerance, busy }: ToleranceProps,
  act: Act,
  more: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const change = (part: Partial<Tolerance>): void =>
    act({ kind: 'setTolerance', tolerance: { ...tolerance, ...part } });
  return html`<div class="tolerance" role="group" aria-label="Tolerance">
    <span class="rule">|a − b| ≤ atol + rtol · |b|</span>
    ${boundField('rtol', tolerance.rtol, rtol => change({ rtol }))}
    ${boundField('atol', tolerance.atol, atol => change({ atol }))}
    ${checkbox('NaN equals NaN', tolerance.equalNan, equalNan => change({ equalNan }))}
    ${button({
      text: 'Swap A and B',
      title: 'The tolerance is relative to B',
      press: () => act({ kind: 'swap' }),
    })}
    ${againButton(act)} ${more} ${busy ? progressRing() : nothing}
  </div>`;
}

function boundField(
  label: 'rtol' | 'atol',
  value: number,
  change: (value: number) => void,
): TemplateResult {
  return html`<span class="bound"
    ><span class="label" aria-hidden="true">${label}</span>${textField({
      label,
      kind: 'bound-field',
      value: formatSetting(value),
      change: text => {
        const parsed = parseNumber(text);
        const isBound = parsed !== undefined && parsed >= 0 && parsed < Infinity;
        if (isBound && parsed !== value) change(parsed);
      },
    })}</span
  >`;
}

/** What explains how far two things are apart, with its evidence. */
export function compareFindings(
  findings: readonly Omit<Finding, 'whatIf'>[],
): TemplateResult | typeof nothing {
  if (findings.length === 0) return nothing;
  return html`<ul class="compare-findings">
    ${findings.map(
      finding =>
        html`<li>
          ${severityIcon(finding.severity)}
          <div>
            <span>${finding.message} <span class="dim">${finding.fix}</span></span>
            ${evidenceView(finding)}
          </div>
        </li>`,
    )}
  </ul>`;
}
