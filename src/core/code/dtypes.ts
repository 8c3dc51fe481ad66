/** Rounding of numbers to a dtype, as a cast does it; round half to even, as IEEE 754 and every framework do. */
type Rounding = (x: number) => number;

/** @param mantissaBits stored ones @param leastExponent of normal numbers */
function shortFloat(mantissaBits: number, leastExponent: number, largest: number): Rounding {
  return x => {
    if (x === 0 || !Number.isFinite(x)) return x;
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), leastExponent);
    const step = 2 ** (exponent - mantissaBits);
    const rounded = halfToEven(x / step) * step;
    return Math.abs(rounded) > largest ? Math.sign(x) * Infinity : rounded;
  };
}

function halfToEven(x: number): number {
  const near = Math.round(x);
  return Math.abs(x % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

const float16 = shortFloat(10, -14, 65_504);
const bfloat16 = shortFloat(7, -126, 3.3895313892515355e38);

const float: Rounding = x => x;
const whole: Rounding = x => Math.trunc(x) + 0;

const roundings: ReadonlyMap<string, Rounding> = new Map<string, Rounding>([
  ['float16', float16],
  ['bfloat16', bfloat16],
  ['float32', Math.fround],
  ['float64', float],
  ['bool', x => Number(x !== 0)],
  ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'].map(
    (name): [string, Rounding] => [name, whole],
  ),
]);

/** Other names of the same, of which casts are named in code: `.half()`, `np.double`, `torch.long`, `bool_`. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['half', 'float16'],
  ['float', 'float32'],
  ['single', 'float32'],
  ['double', 'float64'],
  ['float_', 'float64'],
  ['int', 'int64'],
  ['long', 'int64'],
  ['short', 'int16'],
  ['bool_', 'bool'],
]);

/** @returns the dtype that the last part of a dotted name means: `float32` of `np.float32` */
export function dtypeOf(name: string): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const dtype = aliases.get(last) ?? last;
  return roundings.has(dtype) ? dtype : undefined;
}

/** Values as a dtype holds them; as they are where none is stated. */
export function castTo(values: Float64Array, dtype: string | undefined): Float64Array {
  const rounding = dtype === undefined ? undefined : roundings.get(dtype);
  return rounding ? values.map(rounding) : values;
}
