import { html, type TemplateResult } from 'lit/html.js';
import { formatFloat32, formatSignificant } from '../../src/core/text/format';

/**
 * How many digits: those that tell one float32 from the next, what a framework prints (at most 8
 * decimals), or what a glance needs.
 */
export type Digits = 'float32' | 'printed' | 'short';

function finiteText(x: number, digits: Digits): string {
  if (digits === 'short') return shortText(x);
  const text = formatFloat32(x);
  const long = digits === 'printed' && Math.abs(x) >= 1e-4 && text.length > 10;
  return long ? String(Number(x.toFixed(8))) : text;
}

/** Characters that the grid's columns have room for, beside a sign. */
const shortLength = 7;

/** Five significant digits, or as many as fit where zeros or an exponent take room: `0.08601`, `5.22e-5`. */
function shortText(x: number): string {
  const written = [5, 4, 3].flatMap(digits => {
    const plain = formatSignificant(x, digits);
    return [plain, Number(plain).toExponential()];
  });
  const fits = (text: string): boolean => text.replace(/^-/, '').length <= shortLength;
  return written.find(fits) ?? formatSignificant(x, 3);
}

/** A number as plain text, for names and titles. */
export function numberText(x: number, digits: Digits = 'float32'): string {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Infinity) return '+∞';
  if (x === -Infinity) return '−∞';
  return finiteText(x, digits);
}

/** A number on screen. NaN and the infinities have their glyph, a box and a colour of their own. */
export function numberView(x: number, digits: Digits = 'float32'): TemplateResult {
  const text = numberText(x, digits);
  if (Number.isFinite(x)) return html`<span class="number">${text}</span>`;
  const kind = Number.isNaN(x) ? 'not-a-number' : 'infinite';
  return html`<span class="number special ${kind}">${text}</span>`;
}

/** Whether two values are the same number: NaN is itself, and −0 is 0. */
export function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** `old → new`, or the value alone where it stays. */
export function changeView(
  before: number,
  after: number,
  digits: Digits = 'float32',
): TemplateResult {
  if (sameNumber(before, after)) {
    return html`<span class="stays">${numberView(after, digits)}</span>`;
  }
  return html`<span class="change"
    ><span class="old"
      >${numberView(before, digits)}<span class="arrow" aria-hidden="true"> → </span></span
    ><span class="visually-hidden">becomes </span><b>${numberView(after, digits)}</b></span
  >`;
}

export function changeText(before: number, after: number): string {
  if (sameNumber(before, after)) return `${numberText(after)}, stays`;
  return `${numberText(before)} → ${numberText(after)}`;
}

/** `4,096`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 channel`, `4,096 channels`. */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
