import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FlagsView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { shownFlags, type ControlName, type PanelModel } from '../store';
import { button, textField } from '../ui/controls';
import { editIcon } from '../ui/icons';
import { numberText, plural } from '../ui/number';
import { parseCount, parseMomentum, parseNumber } from '../ui/parseNumber';
import { switchControl } from '../ui/switch';
import { refusalView } from './refusal';

export interface FlagBarProps {
  readonly view: FlagsView;
  readonly model: PanelModel;
  readonly actions: PanelActions;
  readonly setRunCount: (text: string) => void;
}

/** The two switches, the two numbers, and the steps. Stays in sight while the page scrolls. */
export function flagBarView(props: FlagBarProps): TemplateResult {
  return html`<section class="flag-bar" aria-label="Flags and steps">
    ${switchesView(props)} ${numbersView(props)} ${stepsView(props)}
    ${(['flags', 'convention', 'axis', 'epsilon', 'momentum', 'step'] as const).map(control =>
      refusalView(props.model.refusal, control),
    )}
  </section>`;
}

function switchesView({ view, model, actions }: FlagBarProps): TemplateResult {
  const flags = shownFlags(model, view.flags);
  const spelled = (name: string, label: string): string => (name === label ? '' : name);
  return html`<div class="group switches" role="group" aria-label="Flags">
    ${switchControl({
      id: 'training',
      label: 'training',
      on: flags.training,
      detail: spelled(view.flagNames.training, 'training'),
      change: training => void actions.setFlags({ ...flags, training }),
    })}
    ${switchControl({
      id: 'trainable',
      label: 'trainable',
      on: flags.trainable,
      detail: spelled(view.flagNames.trainable, 'trainable'),
      change: trainable => void actions.setFlags({ ...flags, trainable }),
    })}
  </div>`;
}

function editedMark(view: FlagsView, what: string): TemplateResult | typeof nothing {
  if (!view.edited.includes(what)) return nothing;
  return html`<span class="edited-mark" title="Edited here; Undo or Reset takes it back"
    >${editIcon}<span class="visually-hidden">edited</span></span
  >`;
}

function refused(model: PanelModel, control: ControlName): boolean {
  return model.refusal?.control === control;
}

function numbersView({ view, model, actions }: FlagBarProps): TemplateResult {
  const epsilon = numberText(view.epsilon);
  const momentum = view.momentum === null ? 'none' : String(view.momentum);
  return html`<div class="group numbers" role="group" aria-label="Numbers">
    <div class="number-setting">
      <span class="label" aria-hidden="true">epsilon ${editedMark(view, 'epsilon')}</span>
      ${textField({
        label: 'epsilon',
        kind: 'numeric-field',
        value: epsilon,
        invalid: refused(model, 'epsilon'),
        change: text => setEpsilon(actions, text, epsilon),
      })}
      ${
        view.epsilonUsed === view.epsilon
          ? nothing
          : html`<span class="hint">the kernel raises it to ${numberText(view.epsilonUsed)}</span>`
      }
    </div>
    <div class="number-setting">
      <span class="label" aria-hidden="true">momentum ${editedMark(view, 'momentum')}</span>
      ${textField({
        label: 'momentum',
        kind: 'numeric-field',
        value: momentum,
        invalid: refused(model, 'momentum'),
        change: text => setMomentum({ view, actions }, text, momentum),
      })}
      ${
        view.momentumElsewhere === ''
          ? nothing
          : html`<span class="hint">${view.momentumElsewhere}</span>`
      }
    </div>
  </div>`;
}

function setEpsilon(actions: PanelActions, text: string, shown: string): void {
  if (text === shown) return;
  const value = parseNumber(text);
  if (value === undefined) {
    actions.refuseText(
      'epsilon',
      `"${text}" is not a number: epsilon is one such as 0.001 or 1e-5.`,
    );
  } else void actions.act({ kind: 'setEpsilon', value }, 'epsilon');
}

function setMomentum(
  { view, actions }: Pick<FlagBarProps, 'view' | 'actions'>,
  text: string,
  shown: string,
): void {
  if (text === shown) return;
  const value = parseMomentum(text);
  if (value === undefined) {
    const cumulative = view.allowsCumulative ? ', or "none" for the cumulative average' : '';
    actions.refuseText(
      'momentum',
      `"${text}" is not a number: momentum is one from 0 to 1${cumulative}.`,
    );
  } else void actions.act({ kind: 'setMomentum', value }, 'momentum');
}

function stepsView({ view, model, actions, setRunCount }: FlagBarProps): TemplateResult {
  const { runCount } = model.layout;
  const run = (): void => {
    const count = parseCount(runCount);
    if (count === undefined) {
      actions.refuseText(
        'step',
        `"${runCount}" is not a number of steps: give a whole number of at least 1.`,
      );
    } else void actions.act({ kind: 'step', count }, 'step');
  };
  return html`<div class="steps" role="group" aria-label="Steps">
    <div class="step-buttons">
      ${button({
        text: 'Step',
        title: 'Commit one step: what is previewed becomes the state',
        appearance: 'primary',
        press: () => void actions.act({ kind: 'step', count: 1 }, 'step'),
      })}
      <span class="joined" @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && run()}>
        ${button({
          text: 'Run',
          name: `Run ${runCount} steps`,
          title: 'Commit this many steps over the same batch',
          press: run,
        })}
        ${textField({
          label: 'steps to run',
          kind: 'count-field',
          value: runCount,
          invalid: refused(model, 'step'),
          input: setRunCount,
        })}
      </span>
      ${historyButtons(view, actions)}
      ${button({
        text: 'Reset',
        title: 'Back to the layer as the source states it',
        disabled: !view.changed,
        press: () => void actions.act({ kind: 'reset' }, 'step'),
      })}
    </div>
    <span class="hint step-count" role="status"
      >${plural(view.steps, 'step')}
      taken${
        view.undo === '' ? nothing : html` <span class="dim">· undo: ${view.undo}</span>`
      }</span
    >
  </div>`;
}

function historyButtons(view: FlagsView, actions: PanelActions): TemplateResult {
  return html`${button({
    text: 'Undo',
    name: view.undo === '' ? 'Undo' : `Undo ${view.undo}`,
    title: view.undo === '' ? 'Nothing to undo' : `Undo ${view.undo}`,
    disabled: view.undo === '',
    press: () => void actions.act({ kind: 'undo' }, 'step'),
  })}
  ${button({
    text: 'Redo',
    name: view.redo === '' ? 'Redo' : `Redo ${view.redo}`,
    title: view.redo === '' ? 'Nothing to redo' : `Redo ${view.redo}`,
    disabled: view.redo === '',
    press: () => void actions.act({ kind: 'redo' }, 'step'),
  })}`;
}
