const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `12 B`, `3.4 kB`, `120 MB`: three digits at most, by thousands as file managers count. */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${Number(size.toFixed(digits))} ${units[unit] ?? 'TB'}`;
}
