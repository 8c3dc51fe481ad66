// The only importer of the webview toolkit (deprecated upstream, pinned): replacing it is this file.
import { vsCodeButton } from '@vscode/webview-ui-toolkit/dist/button/index.js';
import { vsCodeCheckbox } from '@vscode/webview-ui-toolkit/dist/checkbox/index.js';
import { vsCodeDropdown } from '@vscode/webview-ui-toolkit/dist/dropdown/index.js';
import { vsCodeOption } from '@vscode/webview-ui-toolkit/dist/option/index.js';
import { vsCodeProgressRing } from '@vscode/webview-ui-toolkit/dist/progress-ring/index.js';
import { vsCodeTextField } from '@vscode/webview-ui-toolkit/dist/text-field/index.js';
import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit/dist/vscode-design-system.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { directive, Directive, type ElementPart } from 'lit/directive.js';
import { keyed } from 'lit/directives/keyed.js';

/** Defines the toolkit's elements; called once, before the first render. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

function valueOf(event: Event): string {
  const { target } = event;
  return target !== null && 'value' in target && typeof target.value === 'string'
    ? target.value
    : '';
}

/** The dropdown takes a value only after its options are slotted, which is a turn after the render. */
class SelectValue extends Directive {
  override render(_value: string): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [value]: [string]): typeof nothing {
    const element = part.element;
    setTimeout(() => {
      if ('value' in element && element.value !== value) element.value = value;
    });
    return nothing;
  }
}
const selectValue = directive(SelectValue);

export interface DropdownOption {
  readonly value: string;
  readonly label: string;
  readonly title?: string;
}

export interface DropdownProps {
  readonly label: string;
  /** Class on the picker, for its width. */
  readonly kind: string;
  readonly value: string;
  readonly options: readonly DropdownOption[];
  /** Id of an element that says more. */
  readonly describedBy?: string;
  readonly change: (value: string) => void;
}

/** A labelled picker. */
export function dropdown(props: DropdownProps): TemplateResult {
  return html`<label class="labelled">
    <span class="label">${props.label}</span>
    <vscode-dropdown
      class=${props.kind}
      aria-label=${props.label}
      aria-describedby=${props.describedBy ?? nothing}
      ${selectValue(props.value)}
      @change=${(event: Event) => {
        const value = valueOf(event);
        if (value !== '' && value !== props.value) props.change(value);
      }}
    >
      ${props.options.map(option =>
        // The dropdown shows the label that an option had when it was chosen: another label is another option.
        keyed(
          option.label,
          html`<vscode-option value=${option.value} title=${option.title ?? nothing}
            >${option.label}</vscode-option
          >`,
        ),
      )}
    </vscode-dropdown>
  </label>`;
}

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** Class on the field, for its width. */
  readonly kind: string;
  readonly invalid?: boolean;
  /** On Enter or when the field is left. */
  readonly change?: (value: string) => void;
  /** At every key. */
  readonly input?: (value: string) => void;
}

/**
 * A field whose label is only its accessible name: the toolkit takes the name from the text inside, and
 * overwrites any `aria-label`. Escape puts back the value.
 */
export function textField(props: TextFieldProps): TemplateResult {
  const { change, input } = props;
  return html`<vscode-text-field
    class="field ${props.kind} ${props.invalid === true ? 'invalid' : ''}"
    aria-invalid=${props.invalid === true ? 'true' : nothing}
    placeholder=${props.placeholder ?? nothing}
    spellcheck="false"
    .value=${props.value}
    @change=${(event: Event) => change?.(valueOf(event))}
    @input=${(event: Event) => input?.(valueOf(event))}
    @keydown=${(event: KeyboardEvent) => {
      const { target } = event;
      if (event.key !== 'Escape' || target === null || !('value' in target)) return;
      target.value = props.value;
      change?.(props.value);
      input?.(props.value);
    }}
    >${props.label}</vscode-text-field
  >`;
}

export interface ButtonProps {
  readonly text: string;
  /** Accessible name, where the text does not say enough. */
  readonly name?: string;
  readonly title?: string;
  readonly appearance?: 'primary' | 'secondary';
  readonly disabled?: boolean;
  readonly press: () => void;
}

export function button(props: ButtonProps): TemplateResult {
  return html`<vscode-button
    appearance=${props.appearance ?? 'secondary'}
    aria-label=${props.name ?? nothing}
    title=${props.title ?? nothing}
    ?disabled=${props.disabled ?? false}
    @click=${props.press}
    >${props.text}</vscode-button
  >`;
}

/** A button that is only an icon, so its name is required. */
export function iconButton(name: string, icon: TemplateResult, press: () => void): TemplateResult {
  return html`<vscode-button appearance="icon" aria-label=${name} title=${name} @click=${press}
    >${icon}</vscode-button
  >`;
}

export function checkbox(
  label: string,
  checked: boolean,
  change: (checked: boolean) => void,
): TemplateResult {
  return html`<vscode-checkbox
    ?checked=${checked}
    .checked=${checked}
    @change=${(event: Event) => {
      const { target } = event;
      if (target !== null && 'checked' in target && target.checked !== checked) {
        change(target.checked === true);
      }
    }}
    >${label}</vscode-checkbox
  >`;
}

/**
 * Looks like a link and is a button, because it acts: the toolkit's link needs an `href`, and a
 * webview scrolls to the top for `#`.
 */
export function actionLink(
  text: string | TemplateResult,
  title: string,
  press: () => void,
): TemplateResult {
  return html`<button type="button" class="action-link" title=${title} @click=${press}>
    ${text}
  </button>`;
}

/** Hidden from screen readers, for the toolkit makes an alert of it: words stand beside it. */
export function progressRing(): TemplateResult {
  return html`<span aria-hidden="true"><vscode-progress-ring></vscode-progress-ring></span>`;
}
