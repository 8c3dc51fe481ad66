/** `movingVariance` as `moving variance`: names of evidence as people read them. */
export function evidenceLabel(name: string): string {
  return /^[a-z][A-Za-z0-9]*$/.test(name)
    ? name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    : name;
}
