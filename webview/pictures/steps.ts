import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../src/protocol/panel';
import type { StepsReply } from '../../src/protocol/pictures/steps';
import type { MakePicture } from './picture';
import { problemView } from './problem';
import { PictureRequest } from './request';
import { ChartWidth } from '../charts/chartWidth';
import { chartsView } from './steps/charts';
import { controlsView } from './steps/controls';
import { legendView } from './steps/legend';
import { recordingsView } from './steps/recordings';
import { tablesView } from './steps/tables';
import type { StepsParts } from './steps/parts';

/** The moving statistics over the steps: taken, projected, and recorded elsewhere. */
export const stepsPicture: MakePicture = ({ host, actions, store }) => {
  const redraw = (): void => store.update({});
  const request = new PictureRequest<StepsReply>(redraw);
  const width = new ChartWidth(redraw);
  let near = false;
  return {
    id: 'steps',
    label: 'Over steps',
    hint: 'The moving statistics over the steps taken, and where they go',
    view: view => {
      const asked = {
        settings: view.pictures.settings.steps,
        channel: view.channels.selected,
      };
      request.ask(JSON.stringify([view.pictures.revision, asked]), signal =>
        host.steps(asked, { signal }),
      );
      return pictureView(view, request, {
        actions,
        width,
        near,
        setNear: on => {
          near = on;
          redraw();
        },
      });
    },
  };
};

function pictureView(
  view: InspectionView,
  { reply, problem }: PictureRequest<StepsReply>,
  parts: StepsParts,
): TemplateResult {
  const settings = view.pictures.settings.steps;
  if (reply === undefined) return html`${problemView(problem)}`;
  return html`${controlsView(settings, reply, parts)} ${problemView(problem)}
    <p class="sentence">${reply.explanation}</p>
    ${chartsView(view, reply, parts)} ${legendView(reply)}
    ${settings.recordings.length === 0 ? nothing : recordingsView(settings, reply, parts)}
    ${tablesView(view, reply, parts)}`;
}
