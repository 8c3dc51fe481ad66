import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FormulaLine, WorkedFormula } from '../../src/core/batchnorm/explain';
import { numberView } from '../ui/number';

/** The formulas of one channel: symbols above, its own numbers below, term under term. */
export function formulaView(formula: WorkedFormula, convention: string): TemplateResult {
  return html`<figure class="formula">
    <figcaption>
      Channel ${formula.channel} <span class="dim">by the rules of ${convention}</span>
    </figcaption>
    <div class="formula-lines" role="group" aria-label="Worked formula">
      ${formula.lines.map(lineView)}
    </div>
  </figure>`;
}

/** As everywhere on the page: NaN and the infinities have their glyphs. */
function glyphs(text: string): string {
  return text.replace(/[-−]?Infinity/g, word => (word === 'Infinity' ? '+∞' : '−∞'));
}

/** Operators and brackets, which both lines share; a negative number in brackets is one term. */
const parts = /(\(−[^() ]+\)| [·×−+/=] |√\(|√|[()])/u;
const separator = /^(?: [·×−+/=] |√\(|√|[()])$/u;

function split(text: string): readonly string[] {
  return text.split(parts).filter(part => part !== '');
}

/** A symbol over its number, or an operator over itself. */
interface Pair {
  readonly symbol: string;
  readonly number: string;
}

/** The terms and operators of both lines in pairs; undefined where their operators differ. */
function pairs(line: FormulaLine): readonly Pair[] | undefined {
  const numbers = split(line.numbers);
  const paired = split(line.symbols).map((symbol, i) => ({ symbol, number: numbers[i] ?? '' }));
  const alike = paired.every(({ symbol, number }) =>
    separator.test(symbol) || separator.test(number) ? symbol === number : true,
  );
  return alike && paired.length === numbers.length ? paired : undefined;
}

/**
 * Groups that stay together where the line wraps, which it does before an operator.
 * @param breaks whether a line may break before an operator that so many brackets are around
 */
function groups(
  paired: readonly Pair[],
  breaks: (depth: number) => boolean,
): readonly (readonly Pair[])[] {
  const grouped: Pair[][] = [[]];
  let depth = 0;
  for (const pair of paired) {
    if (pair.symbol.startsWith(' ') && breaks(depth)) grouped.push([]);
    if (pair.symbol === '(' || pair.symbol === '√(') depth++;
    else if (pair.symbol === ')') depth--;
    grouped.at(-1)?.push(pair);
  }
  return grouped.filter(group => group.length > 0);
}

const outside = (depth: number): boolean => depth === 0;
const anywhere = (): boolean => true;

const equals: Pair = { symbol: ' = ', number: ' = ' };

function lineView(line: FormulaLine): TemplateResult {
  const paired = pairs(line);
  const spoken = `${line.name} = ${line.symbols} = ${line.numbers} = ${line.result}`;
  return html`<div class="formula-line">
    <p class="visually-hidden">${spoken}</p>
    ${paired ? alignedLine(line, paired) : plainLine(line)}
  </div>`;
}

/** Term under term, in groups that wrap together: every number can be read at any width. */
function alignedLine(line: FormulaLine, paired: readonly Pair[]): TemplateResult {
  const terms = (content: unknown): TemplateResult => html`<span class="terms">${content}</span>`;
  // Brackets break only where one alone is wider than the page.
  const bracketed = (group: readonly Pair[]): TemplateResult =>
    terms(groups(group, anywhere).map(inner => terms(inner.map(pair => pairView(pair)))));
  return html`<div class="aligned" aria-hidden="true">
    ${terms([pairView({ symbol: line.name, number: '' }, 'formula-name'), pairView(equals)])}
    ${groups(paired, outside).map(bracketed)}
    <span class="formula-result"><span class="operator"> = </span>${resultView(line)}</span>
  </div>`;
}

function pairView({ symbol, number }: Pair, kind = 'symbol'): TemplateResult {
  const operator = separator.test(number);
  return html`<span class="pair"
    ><span class=${operator ? 'operator' : kind}>${symbol}</span
    ><span class=${operator ? 'operator' : 'value'}>${glyphs(number)}</span></span
  >`;
}

/** For lines whose terms do not pair up: one above the other, or on one line where nothing is computed. */
function plainLine(line: FormulaLine): TemplateResult {
  const computed = line.numbers !== line.result;
  return html`<div class="unaligned" aria-hidden="true">
    <div>
      <span class="formula-name">${line.name}</span> <span class="operator">=</span>
      <span class="symbol">${line.symbols}</span>
    </div>
    <div>
      ${computed ? html`<span class="operator">=</span> <span class="value">${glyphs(line.numbers)}</span>` : nothing}
      <span class="operator">=</span> ${resultView(line)}
    </div>
  </div>`;
}

function resultView({ result }: FormulaLine): TemplateResult {
  const x = Number(result);
  return html`<b class="result">${Number.isFinite(x) ? result : numberView(x)}</b>`;
}
