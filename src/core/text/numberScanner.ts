import { dot, minus, nine, plus, zero } from './characters';
import { isLetter, underscore } from './literalCharacters';
import type { LanguageProfile } from './literalLanguage';

const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const modules = '(?:(?:np|numpy|jnp|math|cmath|torch|tf|paddle|mx|Number)\\.)?';
const infinity = 'inf|Inf|INF|infty|infinity|Infinity|PINF|POSITIVE_INFINITY';
const nonFinite = new RegExp(
  `([+-]?)${modules}(?:(nan|NaN|NAN)|(NEGATIVE_INFINITY|NINF)|${infinity})(?![\\w$.(])`,
  'y',
);
const floatOfText = /([+-]?)float\(\s*(["'])([+-]?)(?:(nan)|inf|infinity)\2\s*\)/iy;
const scalarName =
  '(?:(?:np|numpy|jnp|torch|tf)\\.)?(?:float|u?int|bool_?|bfloat|double|half)\\d*_?';
const scalar = new RegExp(`${scalarName}\\(\\s*`, 'y');
const numberWord = new RegExp(
  `^(?:\\.?\\d.*|${modules}(?:nan|NaN|NAN|NEGATIVE_INFINITY|NINF|${infinity}|[tT]rue|[fF]alse)|${scalarName})$`,
);
/** What the words above start with, after a sign. */
const wordStarts: ReadonlySet<string> = new Set('nNjmctTpPiIfFubdh');
const closing = /\s*\)/y;
const boolean = /(?:(true|True)|false|False)(?![\w$.(])/y;
const radix = /[+-]?0(?:[xX][0-9a-fA-F_]+|[bB][01_]+|[oO][0-7_]+)(?![\w$.])/y;
const decimal = /[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y;

/**
 * Reads one number at a position, as source code, JSON and printed arrays spell them. After `scan`
 * returned true, `value` and `end` hold it. One object is used for a million numbers, so nothing is
 * allocated for the common ones.
 */
export class NumberScanner {
  value = 0;
  end = 0;
  /** The value was spelled `true` or `false`. */
  isBoolean = false;

  constructor(
    private readonly text: string,
    private readonly language: LanguageProfile,
  ) {}

  /** @returns whether a number starts at `at` and ends where a number may end */
  scan(at: number): boolean {
    this.isBoolean = false;
    const { text } = this;
    let i = at;
    const first = text.charCodeAt(i);
    const negative = first === minus;
    if (negative || first === plus) i++;
    let mantissa = 0;
    let digits = 0;
    let fraction = 0;
    let code = text.charCodeAt(i);
    if (code === zero && this.language.radixNumbers && isLetter(text.charCodeAt(i + 1))) {
      if (this.scanRadix(at)) return true;
    }
    for (; code >= zero && code <= nine; code = text.charCodeAt(++i)) {
      mantissa = mantissa * 10 + (code - zero);
      digits++;
    }
    if (code === dot) {
      code = text.charCodeAt(++i);
      for (; code >= zero && code <= nine; code = text.charCodeAt(++i)) {
        mantissa = mantissa * 10 + (code - zero);
        digits++;
        fraction++;
      }
    }
    if (digits === 0) return this.scanWord(at);
    // Up to 15 digits the mantissa is exact, and one division by an exact power rounds once.
    if (digits > 15 || fraction > 22 || code === underscore || isLetter(code)) {
      return this.scanDecimal(at);
    }
    if (code === dot) return false;
    const magnitude = mantissa / (powersOfTen[fraction] as number);
    this.value = negative ? -magnitude : magnitude;
    this.end = i;
    return true;
  }

  private scanDecimal(at: number): boolean {
    decimal.lastIndex = at;
    const match = decimal.exec(this.text);
    if (!match) return false;
    const end = at + match[0].length;
    const next = this.text.charCodeAt(end);
    if (isLetter(next) || next === dot || next === underscore) return false;
    this.value = Number(match[0].replace(/_/g, ''));
    this.end = end;
    return !Number.isNaN(this.value);
  }

  private scanRadix(at: number): boolean {
    radix.lastIndex = at;
    const match = radix.exec(this.text);
    if (!match) return false;
    const digits = match[0].replace(/_/g, '').replace(/^[+-]/, '');
    this.value = match[0].startsWith('-') ? -Number(digits) : Number(digits);
    this.end = at + match[0].length;
    return !Number.isNaN(this.value);
  }

  private scanWord(at: number): boolean {
    const first = this.text.charAt(at);
    const signed = first === '-' || first === '+';
    if (!wordStarts.has(signed ? this.text.charAt(at + 1) : first)) return false;
    return this.scanNonFinite(at) || this.scanBoolean(at) || this.scanCall(at);
  }

  private scanNonFinite(at: number): boolean {
    nonFinite.lastIndex = at;
    const match = nonFinite.exec(this.text);
    if (!match) return false;
    const negative = (match[1] === '-') !== (match[3] !== undefined);
    this.value = match[2] !== undefined ? NaN : negative ? -Infinity : Infinity;
    this.end = at + match[0].length;
    return true;
  }

  private scanBoolean(at: number): boolean {
    boolean.lastIndex = at;
    const match = boolean.exec(this.text);
    if (!match) return false;
    this.value = match[1] === undefined ? 0 : 1;
    this.end = at + match[0].length;
    this.isBoolean = true;
    return true;
  }

  /** `float('nan')` and `np.float32(0.5)`. */
  private scanCall(at: number): boolean {
    floatOfText.lastIndex = at;
    const spelled = floatOfText.exec(this.text);
    if (spelled) {
      const negative = (spelled[1] === '-') !== (spelled[3] === '-');
      this.value = spelled[4] !== undefined ? NaN : negative ? -Infinity : Infinity;
      this.end = at + spelled[0].length;
      return true;
    }
    scalar.lastIndex = at;
    const call = scalar.exec(this.text);
    // One call deep: `float(float(…` is no number, and must not recurse.
    if (!call || scalarAt(this.text, at + call[0].length)) return false;
    if (!this.scan(at + call[0].length)) return false;
    closing.lastIndex = this.end;
    const close = closing.exec(this.text);
    if (!close) return false;
    this.end += close[0].length;
    return true;
  }
}

function scalarAt(text: string, at: number): boolean {
  scalar.lastIndex = at;
  return scalar.test(text);
}

/** Whether a run of letters, digits, `_` and `.` can be a number or part of one: `1e`, `np.nan`, `True`, `np.float32`. */
export function isNumberWord(run: string): boolean {
  return run.length <= 64 && numberWord.test(run);
}
