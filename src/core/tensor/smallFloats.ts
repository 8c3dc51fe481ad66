/**
 * Floats of fewer than 32 bits. All values of each are exact in float32, so a table of them decodes.
 * float8 by Micikevicius et al. 2022 (arXiv 2209.05433): e5m2 is IEEE-like; e4m3fn has no infinity,
 * and NaN where all seven bits are set.
 */
interface SmallFloat {
  readonly bits: 8 | 16;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  /** `ieee`: a full exponent is infinity or NaN. `finite`: only all ones is NaN. */
  readonly specials: 'ieee' | 'finite';
}

const float16: SmallFloat = { bits: 16, exponentBits: 5, mantissaBits: 10, specials: 'ieee' };
const float8e5m2: SmallFloat = { bits: 8, exponentBits: 5, mantissaBits: 2, specials: 'ieee' };
const float8e4m3: SmallFloat = { bits: 8, exponentBits: 4, mantissaBits: 3, specials: 'finite' };

function decodeOne(code: number, float: SmallFloat): number {
  const { bits, exponentBits, mantissaBits, specials } = float;
  const sign = code >> (bits - 1) === 0 ? 1 : -1;
  const fullExponent = 2 ** exponentBits - 1;
  const exponent = (code >> mantissaBits) & fullExponent;
  const fullMantissa = 2 ** mantissaBits - 1;
  const mantissa = code & fullMantissa;
  const bias = (fullExponent - 1) / 2;
  if (exponent === fullExponent) {
    if (specials === 'ieee') return mantissa === 0 ? sign * Infinity : NaN;
    if (mantissa === fullMantissa) return NaN;
  }
  const fraction = mantissa / 2 ** mantissaBits;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** A table of all values, made when first asked for. */
function table(float: SmallFloat): () => Float32Array {
  let values: Float32Array | undefined;
  return () =>
    (values ??= Float32Array.from({ length: 2 ** float.bits }, (_, code) =>
      decodeOne(code, float),
    ));
}

/** float32 value of each of the 65,536 float16 codes. */
export const float16Values = table(float16);
/** float32 value of each of the 256 float8_e5m2 codes. */
export const float8e5m2Values = table(float8e5m2);
/** float32 value of each of the 256 float8_e4m3fn codes. */
export const float8e4m3Values = table(float8e4m3);
