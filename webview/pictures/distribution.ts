import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { rangeKinds, type RangeKind } from '../../src/core/batchnorm/histogramRange';
import type { InspectionView } from '../../src/protocol/panel';
import {
  binChoices,
  type DistributionMark,
  type DistributionReply,
  type DistributionSettings,
} from '../../src/protocol/pictures/distribution';
import { ChartWidth } from '../charts/chartWidth';
import { checkbox, dropdown } from '../ui/controls';
import { countText, numberText } from '../ui/number';
import { movedAlong } from '../ui/rowKeys';
import { distributionChart, frameOf, placeAt } from './distribution/chart';
import { describePlace, offAxis, placesOf } from './distribution/model';
import type { MakePicture, PictureParts } from './picture';
import { problemView } from './problem';
import { PictureRequest } from './request';

/** What a person points at. */
interface Pointing {
  active: number | undefined;
  open: boolean;
}

/** How the values of the input and of the output are spread. */
export const distributionPicture: MakePicture = parts => {
  const redraw = (): void => parts.store.update({});
  const request = new PictureRequest<DistributionReply>(redraw);
  const width = new ChartWidth(redraw);
  const pointing: Pointing = { active: undefined, open: false };
  return {
    id: 'distribution',
    label: 'Distribution',
    hint: 'Histograms of the input and the output',
    view: view => {
      const { settings, revision } = view.pictures;
      const { scope, bins, range } = settings.distribution;
      const channel = view.channels.selected;
      const asked = { scope, bins, range, channel: scope === 'channel' ? channel : 0 };
      request.ask(JSON.stringify([revision, asked]), signal =>
        parts.host.distribution(asked, { signal }),
      );
      return html`<div class="distribution">
        ${controlsView(settings.distribution, parts)} ${problemView(request.problem)}
        ${
          request.reply === undefined
            ? nothing
            : replyView(view, request.reply, { width, pointing, redraw })
        }
      </div>`;
    },
  };
};

const rangeNames: Readonly<Record<RangeKind, string>> = {
  robust: '5 std around the means',
  full: 'all values',
};

function controlsView(settings: DistributionSettings, { actions }: PictureParts): TemplateResult {
  const change = (next: Partial<DistributionSettings>): void =>
    void actions.changePicture('distribution', settings, next);
  return html`<div class="picture-controls">
    ${dropdown({
      label: 'Values',
      kind: 'scope-picker',
      value: settings.scope,
      options: [
        { value: 'channel', label: 'selected channel' },
        { value: 'tensor', label: 'whole tensor' },
      ],
      change: value => change({ scope: value === 'tensor' ? 'tensor' : 'channel' }),
    })}
    ${dropdown({
      label: 'Range',
      kind: 'range-picker',
      value: settings.range,
      options: rangeKinds.map(value => ({ value, label: rangeNames[value] })),
      change: value => change({ range: value === 'full' ? 'full' : 'robust' }),
    })}
    ${dropdown({
      label: 'Bins',
      kind: 'bins-picker',
      value: String(settings.bins),
      options: binChoices.map(bins => ({ value: String(bins), label: String(bins) })),
      change: value => {
        const bins = binChoices.find(choice => String(choice) === value);
        if (bins) change({ bins });
      },
    })}
    ${checkbox('logarithmic counts', settings.counts === 'log', on =>
      change({ counts: on ? 'log' : 'linear' }),
    )}
  </div>`;
}

interface Drawing {
  readonly width: ChartWidth;
  readonly pointing: Pointing;
  readonly redraw: () => void;
}

function replyView(
  view: InspectionView,
  reply: DistributionReply,
  { width, pointing, redraw }: Drawing,
): TemplateResult {
  const { scope, counts } = view.pictures.settings.distribution;
  const places = placesOf(reply);
  const options = { width: width.pixels, counts, active: pointing.active };
  const point = (active: number | undefined): void => {
    if (active === pointing.active) return;
    pointing.active = active;
    redraw();
  };
  const move = (event: PointerEvent): void => {
    const { currentTarget } = event;
    if (!(currentTarget instanceof Element)) return;
    const x = event.clientX - currentTarget.getBoundingClientRect().left;
    point(placeAt(frameOf(reply, places, options), places.length, x));
  };
  const press = (event: KeyboardEvent): void => {
    const next = movedAlong(event.key, pointing.active, places.length);
    if (next === undefined) return;
    event.preventDefault();
    point(next);
  };
  const place = pointing.active === undefined ? undefined : places[pointing.active];
  return html`<figure>
    <figcaption>
      ${scope === 'channel' ? `Channel ${view.channels.selected}` : 'All channels'}
      <ul class="legend" aria-label="Legend">
        <li class="input-key">input</li>
        <li class="output-key">output</li>
        ${reply.marks.map(markKey)}
      </ul>
    </figcaption>
    <div
      class="chart-box"
      tabindex="0"
      role="group"
      aria-label="Histogram: arrow keys go from bin to bin"
      ${ref(width.attach)}
      @pointermove=${move}
      @pointerleave=${() => point(undefined)}
      @keydown=${press}
    >
      ${distributionChart(reply, options)}
    </div>
    <p class="chart-status" role="status">
      ${place ? describePlace(place) : 'Point at a bin, or move with the arrow keys, to read its counts.'}
    </p>
    ${offAxisView(reply)} ${tableView(reply, pointing, redraw)}
  </figure>`;
}

const markNames: Readonly<Record<DistributionMark['kind'], string>> = {
  batch: 'batch mean ± std',
  moving: 'moving mean ± std',
  output: 'output mean ± std',
};

function markKey({ kind, mean, std }: DistributionMark): TemplateResult {
  return html`<li class="mark-key ${kind}">
    ${markNames[kind]} <b>${numberText(mean, 'short')} ± ${numberText(std, 'short')}</b>
  </li>`;
}

function offAxisView({ input, output, bins, masked }: DistributionReply): TemplateResult {
  const notes = [
    ['input', offAxis(input, bins)],
    ['output', offAxis(output, bins)],
  ].flatMap(([name, text]) => (text === '' ? [] : [`Not on the axis, of the ${name}: ${text}.`]));
  const all = masked
    ? [...notes, 'Every position is counted, those that the mask leaves out of the statistics too.']
    : notes;
  return html`${all.map(note => html`<p class="help">${note}</p>`)}`;
}

/** The same as numbers. */
function tableView(
  reply: DistributionReply,
  pointing: Pointing,
  redraw: () => void,
): TemplateResult {
  return html`<details
    class="table-twin"
    ?open=${pointing.open}
    @toggle=${(event: Event) => {
      if (!(event.target instanceof HTMLDetailsElement)) return;
      pointing.open = event.target.open;
      redraw();
    }}
  >
    <summary>As a table</summary>
    ${
      pointing.open
        ? html`<div class="table-scroll">
            <table class="picture-table" aria-label="Counts by bin">
              <thead>
                <tr>
                  <th scope="col">values</th>
                  <th scope="col" class="numeric">input</th>
                  <th scope="col" class="numeric">output</th>
                </tr>
              </thead>
              <tbody>
                ${placesOf(reply).map(
                  ({ name, input, output }) =>
                    html`<tr>
                      <th scope="row">${name}</th>
                      <td class="numeric">${countText(input)}</td>
                      <td class="numeric">${countText(output)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
        : nothing
    }
  </details>`;
}
