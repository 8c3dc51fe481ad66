import { html, nothing, type TemplateResult } from 'lit/html.js';
import {
  scaleKinds,
  scaleNames,
  sliceChoiceNames,
  sliceChoices,
} from '../../../src/protocol/pictures/slice';
import { colormaps } from '../../heatmap/colormaps';
import { checkbox, dropdown, textField } from '../../ui/controls';
import { severityIcon } from '../../ui/icons';
import type { RefusedText, SliceModel } from './model';

/** What is drawn, in which colours, and the slice as NumPy writes it. */
export function sliceControls(model: SliceModel): TemplateResult {
  const { settings } = model.now;
  return html`<div class="picture-controls">
      ${dropdown({
        label: 'Tensor',
        kind: 'tensor-picker',
        value: settings.subject,
        options: sliceChoices.map(value => ({ value, label: sliceChoiceNames[value] })),
        change: value => {
          const subject = sliceChoices.find(choice => choice === value);
          if (subject) void model.change({ subject });
        },
      })}
      ${dropdown({
        label: 'Scale',
        kind: 'scale-picker',
        value: settings.scale,
        options: scaleKinds.map(value => ({ value, label: scaleNames[value] })),
        change: value => {
          const scale = scaleKinds.find(kind => kind === value);
          if (scale) void model.change({ scale });
        },
      })}
      ${dropdown({
        label: 'Colours',
        kind: 'colour-picker',
        value: settings.colormap,
        options: [
          { value: 'auto', label: 'by the values' },
          ...colormaps.map(({ id, label }) => ({ value: id, label })),
        ],
        change: colormap => void model.change({ colormap }),
      })}
      ${
        settings.subject === 'both'
          ? checkbox(
              'one scale for both',
              settings.sharedScale,
              sharedScale => void model.change({ sharedScale }),
            )
          : nothing
      }
    </div>
    ${textView(model)}`;
}

function textView(model: SliceModel): TemplateResult {
  const { refusedText } = model;
  return html`<div class="slice-text">
    <span class="label" aria-hidden="true">Slice</span>
    ${textField({
      label: 'Slice, as NumPy writes it',
      kind: 'slice-field',
      value: refusedText?.text ?? model.text,
      placeholder: 'x[0, :, ::2, 3]',
      invalid: refusedText !== undefined,
      change: text => model.read(text),
    })}
    ${refusedText === undefined ? nothing : refusedView(refusedText)}
  </div>`;
}

/** The text with what is wrong in it marked, and why. */
function refusedView({ text, problem }: RefusedText): TemplateResult {
  const { start, end } = problem.range ?? { start: 0, end: text.length };
  return html`<p class="refusal" role="alert">
    ${severityIcon('error')}
    <span
      ><code class="marked-text"
        >${text.slice(0, start)}<mark>${text.slice(start, Math.max(end, start + 1)) || ' '}</mark>${text.slice(Math.max(end, start + 1))}</code
      >
      ${problem.message} The slice stays as it was.</span
    >
  </p>`;
}
