import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EvidenceTable } from '../../src/core/batchnorm/diagnose/finding';
import { evidenceLabel } from '../../src/core/batchnorm/diagnose/evidenceLabel';
import { threadsOf } from '../../src/core/batchnorm/diagnose/threads';
import type { Severity } from '../../src/core/problem';
import { formatSignificant } from '../../src/core/text/format';
import type { FixedView, ShownFinding } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { actionLink, button } from '../ui/controls';
import { healthyIcon, severityIcon } from '../ui/icons';
import { plural } from '../ui/number';
import { fixedView } from './fixed';

const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** Channels named in a finding before the rest is only counted. */
const namedChannels = 12;

export interface FindingsProps {
  readonly findings: readonly ShownFinding[];
  readonly fixed: FixedView | null;
  /** Channels of the layer. */
  readonly total: number;
  /** What Undo would take back. */
  readonly undo: string;
  readonly actions: PanelActions;
  readonly selectChannel: (channel: number) => void;
}

/** What is wrong, worst first, under what the fix of one of them has changed. */
export function findingsView(props: FindingsProps): TemplateResult {
  const { findings, fixed } = props;
  return html`<section class="findings" aria-labelledby="findings-heading">
    <h2 id="findings-heading" tabindex="-1">Findings</h2>
    <div aria-live="polite">${fixed ? fixedView(fixed, props) : nothing}</div>
    ${
      findings.length === 0
        ? html`<p class="nothing-found">
            ${healthyIcon} Nothing wrong found in this layer and batch.
          </p>`
        : html`<ul>
            ${repeat(
              worstFirst(findings),
              // What is open stays so, and nothing else opens in its place, when another is mended.
              ({ id }) => id,
              finding => findingView(finding, props),
            )}
          </ul>`
    }
  </section>`;
}

function worstFirst(findings: readonly ShownFinding[]): readonly ShownFinding[] {
  return severities.flatMap(severity => findings.filter(f => f.severity === severity));
}

function findingView(finding: ShownFinding, props: FindingsProps): TemplateResult {
  return html`<li class="finding">
    <div class="finding-head">
      ${severityIcon(finding.severity)}
      <span class="severity-word ${finding.severity}">${finding.severity}</span>
      <span class="message">${finding.message}</span>
    </div>
    <p class="fix">${finding.fix}</p>
    ${finding.fixHere === '' ? nothing : fixHereView(finding, props.actions)}
    ${channelLinks(finding.channels, props)} ${evidenceView(finding)}
  </li>`;
}

/** The numbers behind a finding, closed until they are asked for. */
export function evidenceView(
  finding: Pick<ShownFinding, 'id' | 'evidence' | 'table' | 'source'>,
): TemplateResult {
  return html`<details class="evidence">
    <summary>Evidence of ${finding.id}</summary>
    <dl>
      ${Object.entries(finding.evidence).map(
        ([name, value]) =>
          html`<dt>${evidenceLabel(name)}</dt>
            <dd>${shown(value)}</dd>`,
      )}
    </dl>
    ${finding.table ? evidenceTable(finding.table) : nothing} ${sourceView(finding.source)}
  </details>`;
}

/** The heading takes the focus, for the button goes with the finding that it mends. */
function fixHereView({ id, fixHere }: ShownFinding, actions: PanelActions): TemplateResult {
  return html`<p class="fix-here">
    ${button({
      text: 'Fix it here',
      name: `Fix ${id} here: ${fixHere}`,
      title: 'A what-if that Undo takes back: no file is written',
      press: () => {
        focusFindings();
        void actions.act({ kind: 'fixHere', finding: id });
      },
    })}
    <span class="dim">sets ${fixHere}</span>
  </p>`;
}

export function focusFindings(): void {
  document.getElementById('findings-heading')?.focus({ preventScroll: true });
}

function shown(value: number | string): string {
  return typeof value === 'number' ? formatSignificant(value, 6) : value;
}

function evidenceTable({ channels, columns }: EvidenceTable): TemplateResult {
  return html`<div class="evidence-scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">channel</th>
          ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${channels.map(
          (channel, row) =>
            html`<tr>
              <th scope="row">${channel}</th>
              ${columns.map(({ values }) => html`<td>${shown(values[row] ?? NaN)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The threads in it lead to GitHub. */
function sourceView(source: string): TemplateResult {
  const parts: unknown[] = [];
  let rest = source;
  for (const { name, url } of threadsOf(source)) {
    const at = rest.indexOf(name);
    if (at < 0) continue;
    parts.push(rest.slice(0, at), html`<a href=${url}>${name}</a>`);
    rest = rest.slice(at + name.length);
  }
  return html`<p class="dim">${parts}${rest}</p>`;
}

/** None where all channels are concerned, as the sentence says: the grid has them. */
function channelLinks(
  channels: readonly number[],
  { total, selectChannel }: FindingsProps,
): TemplateResult | typeof nothing {
  if (channels.length === 0 || channels.length === total) return nothing;
  const rest = channels.length - namedChannels;
  return html`<p class="finding-channels">
    <span class="dim">${channels.length === 1 ? 'channel' : 'channels'}</span>
    ${channels
      .slice(0, namedChannels)
      .map(channel =>
        actionLink(String(channel), `Select channel ${channel}`, () => selectChannel(channel)),
      )}
    ${rest > 0 ? html`<span class="dim">and ${rest} more</span>` : nothing}
  </p>`;
}

/** `1 error, 2 warnings`: at the top of the page, leading to the list. */
export function findingsSummary(
  findings: readonly ShownFinding[],
  show: () => void,
): TemplateResult | typeof nothing {
  const counts = severities.flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length;
    return count === 0 ? [] : [{ severity, count }];
  });
  if (counts.length === 0) return nothing;
  const text = html`${counts.map(
    ({ severity, count }) =>
      html`<span class="summary-part">${severityIcon(severity)} ${plural(count, severity)}</span>`,
  )}`;
  return actionLink(text, 'Show the findings', show);
}
