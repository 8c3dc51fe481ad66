const shortNames: ReadonlyMap<string, string> = new Map([
  ['float16', 'f16'],
  ['bfloat16', 'bf16'],
  ['float32', 'f32'],
  ['float64', 'f64'],
  ['int8', 'i8'],
  ['int16', 'i16'],
  ['int32', 'i32'],
  ['int64', 'i64'],
  ['uint8', 'u8'],
  ['uint16', 'u16'],
  ['uint32', 'u32'],
  ['uint64', 'u64'],
  ['complex64', 'c64'],
  ['complex128', 'c128'],
  ['float8_e4m3fn', 'f8e4m3'],
  ['float8_e5m2', 'f8e5m2'],
]);

/** `bf16` for `bfloat16` and so on, as summaries print what a file stores; other dtypes as they are. */
export function shortStoredDType(dtype: string): string {
  return shortNames.get(dtype) ?? dtype;
}
