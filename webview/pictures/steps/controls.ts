import { html, nothing, type TemplateResult } from 'lit/html.js';
import { otherWeight } from '../../../src/core/batchnorm/momentumRules';
import type { StepsReply, StepsSettings } from '../../../src/protocol/pictures/steps';
import { button, checkbox, textField } from '../../ui/controls';
import { mostMomenta, parseMomenta } from './parseMomenta';
import type { StepsParts } from './parts';

/** Which momenta to compare, and recordings to draw beside them. */
export function controlsView(
  settings: StepsSettings,
  reply: StepsReply,
  { actions, near, setNear }: StepsParts,
): TemplateResult {
  const other = (momentum: number): number =>
    reply.weighs === 'old' ? momentum : otherWeight(momentum);
  const shown = settings.momenta.map(other).join(', ');
  const change = (text: string): void => {
    if (text === shown) return;
    const momenta = parseMomenta(text);
    if (momenta === undefined) {
      actions.refuseText(
        'picture',
        `"${text}" is no list of momenta: give up to ${mostMomenta} numbers from 0 to 1, with commas between them.`,
      );
      return;
    }
    void actions.changePicture('steps', settings, { momenta: momenta.map(other) });
  };
  return html`<div class="picture-controls">
    <div class="labelled">
      <span class="label" aria-hidden="true">Compare momenta</span>
      ${textField({
        label: 'Momenta to compare',
        kind: 'momenta-field',
        value: shown,
        placeholder: 'none',
        change,
      })}
    </div>
    ${button({
      text: 'Add recording…',
      title: 'Draw a recording of a training run on the same axes',
      press: () => void actions.act({ kind: 'command', command: 'addRecording' }, 'picture'),
    })}
    ${
      settings.recordings.length === 0
        ? nothing
        : checkbox('only as far as the projection', near, setNear)
    }
  </div>`;
}
