import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { RecordingLayer, RecordingState, SeriesReply } from '../../src/protocol/recording';
import { lineChart } from '../charts/lineChart';
import { problemView } from '../pictures/problem';
import { actionLink, button, progressRing, textField } from '../ui/controls';
import { countText, numberView } from '../ui/number';
import type { RecordingController } from './controller';
import type { RecordingModel } from './store';

/** The whole page: what the file is, its layers, and the charts of one channel. */
export function recordingPageView(
  model: RecordingModel,
  controller: RecordingController,
): TemplateResult {
  const { state, problem } = model;
  if (state === null)
    return html`<div class="recording-page">${problemView(problem ?? undefined)}</div>`;
  const layer = controller.layerOf(model);
  return html`<div class="recording-page">
    ${headerView(state, controller)} ${problemView(problem ?? undefined)}
    ${state.loading ? html`<p role="status">${progressRing()} Reading…</p>` : nothing}
    ${
      layer === undefined
        ? emptyView(state)
        : html`${layersView(state, layer, controller)} ${channelView(model, layer, controller)}`
    }
  </div>`;
}

function headerView(state: RecordingState, controller: RecordingController): TemplateResult {
  return html`<header>
    <h1>${state.title}</h1>
    <p class="help">${state.place}</p>
    <p role="status">${state.summary}</p>
    ${state.problems === '' ? nothing : html`<p class="recording-problems">${state.problems}</p>`}
    <div class="buttons">
      ${button({ text: 'Open as text', press: () => void controller.act({ kind: 'openAsText' }) })}
      ${button({
        text: 'Read again',
        title: 'Read what is new in the file; it is followed by itself',
        press: () => void controller.act({ kind: 'readAgain' }),
      })}
    </div>
  </header>`;
}

function emptyView({ loading }: RecordingState): TemplateResult | typeof nothing {
  if (loading) return nothing;
  return html`<p>
    No line of a recording is in this file yet. It is followed: what a training run writes is drawn
    as it comes.
  </p>`;
}

function layersView(
  state: RecordingState,
  selected: RecordingLayer,
  controller: RecordingController,
): TemplateResult {
  return html`<section aria-labelledby="layers-heading">
    <h2 id="layers-heading">Layers</h2>
    <div class="table-scroll layer-list">
      <table class="picture-table" aria-labelledby="layers-heading">
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col">convention</th>
            <th scope="col" class="numeric">channels</th>
            <th scope="col" class="numeric">lines</th>
            <th scope="col" class="numeric">last step</th>
          </tr>
        </thead>
        <tbody>
          ${state.layers.map(
            layer =>
              html`<tr aria-current=${layer === selected ? 'true' : nothing}>
                <th scope="row">
                  ${actionLink(layer.name, `Show layer ${layer.name}`, () => controller.selectLayer(layer.name))}
                </th>
                <td>${layer.convention === '' ? '–' : layer.convention}</td>
                <td class="numeric">${countText(layer.channels)}</td>
                <td class="numeric">${countText(layer.lines)}</td>
                <td class="numeric">${countText(layer.lastStep)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${state.more === 0 ? nothing : html`<p class="help">And ${countText(state.more)} more layers, which are not listed.</p>`}
  </section>`;
}

function channelView(
  model: RecordingModel,
  layer: RecordingLayer,
  controller: RecordingController,
): TemplateResult {
  controller.ask(model, layer);
  const channel = Math.min(model.layout.channel, layer.channels - 1);
  const { reply, problem } = controller.series;
  return html`<section aria-labelledby="channel-heading">
    <h2 id="channel-heading">${layer.name}</h2>
    <div class="picture-controls">
      <div class="labelled">
        <span class="label" aria-hidden="true">Channel</span>
        ${textField({
          label: 'Channel',
          kind: 'seed-field',
          value: String(channel),
          change: text => {
            if (text !== String(channel)) controller.selectChannel(text, layer.channels);
          },
        })}
      </div>
      ${button({
        text: 'Add to inspection',
        title:
          model.state?.hasInspection === true
            ? 'Draw this layer on the axes of the inspection that was in front last'
            : 'Inspect a tensor first',
        disabled: model.state?.hasInspection !== true,
        press: () => void controller.act({ kind: 'addToInspection', layer: layer.name }),
      })}
    </div>
    ${layer.note === '' ? nothing : html`<p class="help">${layer.note}</p>`} ${problemView(problem)}
    ${reply === undefined ? nothing : chartsView(reply, controller)}
  </section>`;
}

function chartsView(reply: SeriesReply, { width }: RecordingController): TemplateResult {
  const statistics = [
    { name: 'mean', moving: reply.movingMean, batch: reply.batchMean },
    { name: 'variance', moving: reply.movingVariance, batch: reply.batchVariance },
  ];
  const ends = statistics.flatMap(({ moving, batch }) => [moving.steps, batch.steps]);
  const last = Math.max(1, ...ends.map(steps => steps.at(-1) ?? 0));
  const first = Math.min(...ends.map(steps => steps[0] ?? last - 1));
  return html`<div class="charts">
      ${statistics.map(({ name, moving, batch }, i) =>
        lineChart({
          heading: `${name} of channel ${reply.channel}`,
          label: `Chart of the ${name} of channel ${reply.channel} of ${reply.layer} over the steps`,
          xLabel: 'steps',
          x: [first, last],
          width: width.pixels,
          ...(i === 0 && { attach: width.attach }),
          levels: [],
          points: [],
          marks: [],
          lines: [
            { label: `Batch ${name}`, kind: 'batch-level', x: batch.steps, y: batch.values },
            { label: `Moving ${name}`, kind: 'taken', x: moving.steps, y: moving.values },
          ],
        }),
      )}
    </div>
    <ul class="chart-legend" aria-label="Legend">
      ${legendItem('taken', 'moving')} ${legendItem('batch-level', 'of the batch')}
    </ul>
    ${numbersView(reply)}`;
}

function legendItem(kind: string, text: string): TemplateResult {
  return html`<li>
    <svg viewBox="0 0 28 8" aria-hidden="true">
      <line class="line ${kind}" x1="1" x2="27" y1="4" y2="4"></line>
    </svg>
    ${text}
  </li>`;
}

/** Rows of the table: the first step, the last, and some between. */
const rowsShown = 12;

function numbersView(reply: SeriesReply): TemplateResult {
  const columns = [
    { name: 'moving mean', line: reply.movingMean },
    { name: 'batch mean', line: reply.batchMean },
    { name: 'moving variance', line: reply.movingVariance },
    { name: 'batch variance', line: reply.batchVariance },
  ];
  const all = [...new Set(columns.flatMap(({ line }) => [...line.steps]))].sort((a, b) => a - b);
  const count = Math.min(rowsShown, all.length);
  const steps = Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(count - 1, 1))] ?? 0,
  );
  return html`<div class="table-scroll">
      <table class="picture-table" aria-label="Numbers of channel ${reply.channel}">
        <thead>
          <tr>
            <th scope="col">step</th>
            ${columns.map(({ name }) => html`<th scope="col" class="numeric">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${steps.map(
            step =>
              html`<tr>
                <th scope="row">${countText(step)}</th>
                ${columns.map(({ line }) => {
                  const at = line.steps.indexOf(step);
                  return html`<td class="numeric">
                    ${at < 0 ? '–' : numberView(line.values[at] ?? NaN)}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${count === all.length ? nothing : html`<p class="help">${count} of ${countText(all.length)} steps that are drawn.</p>`}`;
}
