// Reads the regular part of a JSON array of numbers: src/core/text/bulkScanner.ts says what that is, and
// what the fields of its state mean. A float32 is exactly `Math.fround(Number(text))` of its text; where
// that takes more than 64 bits of mantissa to tell, reading stops and the number is left to `Number()`.

/** Fields of the state, in 32-bit words: `bulkField` in bulkScanner.ts. */
const at: usize = 0;
const filled: usize = 1 << 2;
const expected: usize = 2 << 2;
const depths: usize = 3 << 2;
const leafDepth: usize = 4 << 2;
const linesDepth: usize = 5 << 2;
const lastComma: usize = 6 << 2;
const negativeStart: usize = 7 << 2;
const negativeEnd: usize = 8 << 2;
const counts: usize = 16 << 2;
const sizes: usize = 32 << 2;
const opened: usize = 48 << 2;
const closed: usize = 64 << 2;

const deepest: i32 = 8;

/** What may stand next: `expectations` in numberArray.ts. */
const valueOrEnd: i32 = 0;
const value: i32 = 1;
const commaOrEnd: i32 = 2;

/** The largest power of ten in the table. */
const largestPower: i32 = 308;
/** Up to 10²² powers are exact, as mantissas are up to 2⁵³: then one operation rounds correctly. */
const exactPower: i32 = 22;
const exactMantissa: u64 = 1 << 53;
/** Near the largest float32, 3.4028235e38: beyond, a warning is due. */
const largestFloat: f64 = 3.4e38;
/** Decimal digits that 64 bits hold, whatever they are. */
const mantissaDigits: i32 = 19;

/** The number that was read last: digits · 10^power. */
let mantissa: u64 = 0;
let power: i32 = 0;

/**
 * Reads on where the state says, and says there how far it came.
 * @param text the window's bytes, with a byte to spare behind them, which is overwritten
 * @param powers 10⁰ … 10³⁰⁸ as float64
 * @param into where the float32 values go
 * @param room for how many
 * @returns how many were read
 */
export function scanNumbers(text: usize, state: usize, powers: usize, into: usize, room: i32): i32 {
  const stop = text + load<u32>(state, filled);
  let p = text + load<u32>(state, at);
  let next = load<i32>(state, expected);
  let depth = load<i32>(state, depths);
  const leaf = load<i32>(state, leafDepth);
  const lines = load<i32>(state, linesDepth);
  let row = load<i32>(state + ((<usize>depth) << 2), counts);
  let comma: usize = 0;
  let negative: usize = 0;
  let read = 0;
  for (let d = 1; d <= deepest; d++) {
    store<i32>(state + ((<usize>d) << 2), -1, opened);
    store<i32>(state + ((<usize>d) << 2), 0, closed);
  }
  // Ends any run of digits.
  store<u8>(stop, 0);
  while (p < stop && read < room) {
    const code = load<u8>(p);
    if (isBlank(code)) {
      p++;
      continue;
    }
    if (next == commaOrEnd) {
      if (code == 0x2c && depth != lines) {
        comma = p;
        next = value;
        p++;
        continue;
      }
      if (code == 0x5d) {
        const level = state + ((<usize>depth) << 2);
        if (depth == 1 || load<i32>(level, sizes) != row) break;
        store<i32>(level, row, counts);
        store<i32>(level, load<i32>(level, closed) + 1, closed);
        depth--;
        row = load<i32>(level - 4, counts) + 1;
        p++;
        continue;
      }
      if (code != 0x5b || depth != lines) break;
    }
    if (code == 0x5b) {
      if (depth >= leaf) break;
      store<i32>(state + ((<usize>depth) << 2), row, counts);
      depth++;
      row = 0;
      store<i32>(state + ((<usize>depth) << 2), <i32>(p - text), opened);
      next = valueOrEnd;
      p++;
      continue;
    }
    if (depth != leaf) break;
    const isNegative = code == 0x2d;
    const behind = scanDecimal(isNegative ? p + 1 : p);
    if (behind == 0 || behind >= stop) break;
    const after = load<u8>(behind);
    if (after != 0x2c && after != 0x5d && !isBlank(after)) break;
    const size = float32Value(powers);
    // NaN: not to be told here.
    if (size != size) break;
    if (isNegative && size > 0 && negative == 0) {
      negative = p;
      store<i32>(state, <i32>(behind - text), negativeEnd);
    }
    store<f32>(into + ((<usize>read) << 2), isNegative ? -size : size);
    read++;
    row++;
    p = behind;
    if (after != 0x2c || depth == lines) {
      next = commaOrEnd;
      continue;
    }
    // The usual way from one number to the next: a comma and at most one space.
    comma = p;
    next = value;
    p += load<u8>(p, 1) == 0x20 ? 2 : 1;
  }
  store<i32>(state + ((<usize>depth) << 2), row, counts);
  store<i32>(state, <i32>(p - text), at);
  store<i32>(state, next, expected);
  store<i32>(state, depth, depths);
  store<i32>(state, comma == 0 ? -1 : <i32>(comma - text), lastComma);
  store<i32>(state, negative == 0 ? -1 : <i32>(negative - text), negativeStart);
  return read;
}

function isBlank(code: u32): bool {
  return code == 0x20 || code == 0x0a || code == 0x0d || code == 0x09;
}

function isDigit(code: u32): bool {
  return code - 0x30 < 10;
}

/** Whether eight bytes, as one word, are digits. */
function areDigits(word: u64): bool {
  const high = word & 0xf0f0f0f0f0f0f0f0;
  const carried = (word + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  return (high | (carried >> 4)) == 0x3333333333333333;
}

/** Eight digits as a number, by pairs, fours and eight. */
function eightDigits(word: u64): u64 {
  let v = word - 0x3030303030303030;
  v = v * 10 + (v >> 8);
  const low = (v & 0x000000ff000000ff) * 0x000f424000000064;
  const high = ((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (low + high) >> 32;
}

/** Reads a number without a sign into `mantissa` and `power`. @returns where it ends, 0 where it is none */
function scanDecimal(start: usize): usize {
  let p = start;
  let m: u64 = 0;
  let code: u32 = load<u8>(p);
  if (!isDigit(code)) return 0;
  if (code == 0x30) code = load<u8>(++p);
  else {
    do {
      m = m * 10 + (code - 0x30);
      code = load<u8>(++p);
    } while (isDigit(code));
  }
  // JSON has no leading zeros.
  if (isDigit(code)) return 0;
  let digits = <i32>(p - start);
  let exponent = 0;
  if (code == 0x2e) {
    const fraction = ++p;
    let word = load<u64>(p);
    while (areDigits(word)) {
      m = m * 100000000 + eightDigits(word);
      p += 8;
      word = load<u64>(p);
    }
    code = <u32>(word & 0xff);
    while (isDigit(code)) {
      m = m * 10 + (code - 0x30);
      code = load<u8>(++p);
    }
    if (p == fraction) return 0;
    exponent = -(<i32>(p - fraction));
    digits -= exponent;
  }
  if (digits > mantissaDigits) exponent = scanLong(start, p);
  else mantissa = m;
  if ((code | 0x20) == 0x65) {
    code = load<u8>(++p);
    const down = code == 0x2d;
    if (down || code == 0x2b) code = load<u8>(++p);
    if (!isDigit(code)) return 0;
    let written = 0;
    do {
      if (written < 100000) written = written * 10 + <i32>(code - 0x30);
      code = load<u8>(++p);
    } while (isDigit(code));
    exponent += down ? -written : written;
  }
  power = exponent;
  return p;
}

/**
 * Reads more digits than 64 bits hold: leading zeros count for nothing, and what follows the nineteenth
 * that counts is less than one part in 10¹⁸ of the number.
 * @returns the power of ten
 */
function scanLong(start: usize, stop: usize): i32 {
  let m: u64 = 0;
  let kept = 0;
  let exponent = 0;
  let behindPoint = false;
  for (let p = start; p < stop; p++) {
    const code: u32 = load<u8>(p);
    if (code == 0x2e) {
      behindPoint = true;
      continue;
    }
    if (kept < mantissaDigits) {
      m = m * 10 + (code - 0x30);
      if (m != 0) kept++;
      if (behindPoint) exponent--;
    } else if (!behindPoint) exponent++;
  }
  mantissa = m;
  return exponent;
}

/**
 * The float32 of `mantissa` and `power`. Where they are not exact in float64, the product has a relative
 * error below 2⁻⁵⁰, so where both ends of a far wider interval round to one float32, the number does.
 * @returns NaN where they do not, and beyond the largest float32
 */
function float32Value(powers: usize): f32 {
  const m = mantissa;
  const size = power < 0 ? -power : power;
  if (size > largestPower) return NaN;
  const factor = load<f64>(powers + ((<usize>size) << 3));
  const near = power < 0 ? <f64>m / factor : <f64>m * factor;
  if (near > largestFloat) return NaN;
  if (size <= exactPower && m <= exactMantissa) return <f32>near;
  const low = <f32>(near * (1 - 1 / <f64>(1 << 44)));
  const high = <f32>(near * (1 + 1 / <f64>(1 << 44)));
  return low == high ? low : NaN;
}

/** How many of the first bytes are ASCII. */
export function asciiLength(text: usize, length: i32): i32 {
  const stop = text + <usize>length;
  let p = text;
  for (; p + 16 <= stop; p += 16) if (v128.bitmask<i8>(v128.load(p)) != 0) break;
  while (p < stop && load<u8>(p) < 0x80) p++;
  return <i32>(p - text);
}
