import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../src/protocol/panel';
import type { GradientsReply, GradientsSettings } from '../../src/protocol/pictures/gradients';
import { actionLink, dropdown, textField } from '../ui/controls';
import { countText, numberView } from '../ui/number';
import type { MakePicture, PictureParts } from './picture';
import { problemView } from './problem';
import { PictureRequest } from './request';

/** The largest seed: they have 32 bits. */
const largestSeed = 2 ** 32 - 1;

const losses = [
  {
    value: 'ones',
    label: 'sum of the outputs',
    title: 'The gradient of every output is 1',
  },
  {
    value: 'random',
    label: 'randomly weighted sum',
    title: 'The gradients of the outputs are standard normal, the same for the same seed',
  },
];

/** Rows of the table: the selected channel and its neighbours. */
const rowsShown = 11;

/** What a loss does to x, gamma and beta through this step. */
export const gradientsPicture: MakePicture = parts => {
  const request = new PictureRequest<GradientsReply>(() => parts.store.update({}));
  return {
    id: 'gradients',
    label: 'Gradients',
    hint: 'What reaches x, gamma and beta for these flags',
    view: view => {
      const { settings, revision } = view.pictures;
      const { element } = view.matrix;
      const { selected, total } = view.channels;
      const window = rowsAround(selected, total);
      const asked = { settings: settings.gradients, element, ...window };
      request.ask(JSON.stringify([revision, asked]), signal =>
        parts.host.gradients(asked, { signal }),
      );
      return pictureView(view, request, parts);
    },
  };
};

function rowsAround(selected: number, total: number): { start: number; count: number } {
  const count = Math.min(rowsShown, total);
  const start = Math.min(Math.max(0, selected - Math.floor(count / 2)), total - count);
  return { start, count };
}

function pictureView(
  view: InspectionView,
  { reply, problem }: PictureRequest<GradientsReply>,
  parts: PictureParts,
): TemplateResult {
  const settings = view.pictures.settings.gradients;
  return html`${controlsView(settings, parts)} ${problemView(problem)}
  ${
    reply === undefined
      ? nothing
      : html`<p class="sentence">${reply.explanation}</p>
          ${elementLine(view, reply)} ${tableView(view, reply, parts)}`
  }`;
}

function controlsView(settings: GradientsSettings, { actions }: PictureParts): TemplateResult {
  const change = (next: Partial<GradientsSettings>): void =>
    void actions.changePicture('gradients', settings, next);
  const changeSeed = (text: string): void => {
    const seed = text.trim() === '' ? NaN : Number(text);
    if (Number.isInteger(seed) && seed >= 0 && seed <= largestSeed) change({ seed });
    else {
      actions.refuseText(
        'picture',
        `"${text}" is not a seed: give a whole number from 0 to ${largestSeed}.`,
      );
    }
  };
  return html`<div class="picture-controls">
    ${dropdown({
      label: 'Loss',
      kind: 'loss-picker',
      value: settings.upstream,
      options: losses,
      change: value => change({ upstream: value === 'random' ? 'random' : 'ones' }),
    })}
    ${
      settings.upstream === 'ones'
        ? nothing
        : html`<div class="labelled">
            <span class="label" aria-hidden="true">Seed</span>
            ${textField({
              label: 'Seed of the random weights',
              kind: 'seed-field',
              value: String(settings.seed),
              change: changeSeed,
            })}
          </div>`
    }
  </div>`;
}

/** The selected element, beside the output there. */
function elementLine(view: InspectionView, { element }: GradientsReply): TemplateResult {
  return html`<p class="gradient-element">
    At the selected element [${view.matrix.element.join(', ')}]: output y =
    <b>${numberView(element.output)}</b>, gradient of x = <b>${numberView(element.gradient)}</b>
  </p>`;
}

function tableView(
  { channels }: InspectionView,
  reply: GradientsReply,
  { actions }: PictureParts,
): TemplateResult {
  const rows = Array.from({ length: reply.gamma.length }, (_, i) => i);
  const unused = reply.learns ? '' : ' (not used)';
  return html`<div class="table-scroll">
      <table class="picture-table" aria-label="Gradients by channel">
        <thead>
          <tr>
            <th scope="col">channel</th>
            <th scope="col" class="numeric">of gamma${unused}</th>
            <th scope="col" class="numeric">of beta${unused}</th>
            ${inputColumns.map(
              ({ label }) => html`<th scope="col" class="numeric">of x: ${label}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(row => rowView(reply, row, channels.selected, channel => void actions.selectChannel(channel)))}
        </tbody>
      </table>
    </div>
    ${windowLine(reply, channels.total)}`;
}

function rowView(
  reply: GradientsReply,
  row: number,
  selected: number,
  select: (channel: number) => void,
): TemplateResult {
  const channel = reply.start + row;
  return html`<tr aria-current=${channel === selected ? 'true' : nothing}>
    <th scope="row">
      ${actionLink(String(channel), `Select channel ${channel}`, () => select(channel))}
    </th>
    <td class="numeric">${numberView(reply.gamma[row] as number)}</td>
    <td class="numeric">${numberView(reply.beta[row] as number)}</td>
    ${inputColumns.map(
      ({ of }) => html`<td class="numeric">${numberView(of(reply)[row] as number, 'short')}</td>`,
    )}
  </tr>`;
}

const inputColumns: readonly {
  readonly label: string;
  readonly of: (reply: GradientsReply) => Float64Array;
}[] = [
  { label: 'min', of: ({ min }) => min },
  { label: 'max', of: ({ max }) => max },
  { label: 'mean', of: ({ mean }) => mean },
  { label: 'std', of: ({ std }) => std },
  { label: 'NaN or ∞', of: ({ nonFinite }) => nonFinite },
];

function windowLine({ start, gamma }: GradientsReply, total: number): TemplateResult {
  const count = gamma.length;
  return html`<p class="help">
    ${
      count === total
        ? `All ${countText(total)} channels.`
        : `Channels ${start} to ${start + count - 1} of ${countText(total)}, around the selected one: select another in the grid.`
    }
  </p>`;
}
