/** The fields of an object that nobody has checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** A whole number from 0 that an array can have as its index. */
export function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Addresses that one drop names at most. */
const mostAddresses = 100;

/** @returns undefined unless the value is a list of addresses, and no endless one */
export function parseAddresses(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > mostAddresses) return undefined;
  const addresses: readonly unknown[] = value;
  return addresses.every(address => typeof address === 'string' && address.length < 32_768)
    ? (addresses as readonly string[])
    : undefined;
}
