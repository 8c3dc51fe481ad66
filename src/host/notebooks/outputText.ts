/** A part of what a cell printed. */
export interface OutputItem {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** Text that people read as the kernel printed it. */
const textMimes: readonly string[] = [
  'application/vnd.code.notebook.stdout',
  'application/vnd.code.notebook.stderr',
  'text/plain',
];

/** Bytes of one output that are looked at. */
const longest = 4 << 20;

/**
 * What a cell printed, as text. Each output counts once, whichever other forms of it there are (HTML, pictures).
 * @param outputs the items of each
 */
export function outputText(outputs: readonly (readonly OutputItem[])[]): string {
  const decoder = new TextDecoder();
  return outputs
    .flatMap(items => items.find(({ mime }) => textMimes.includes(mime)) ?? [])
    .map(({ data }) => decoder.decode(data.subarray(0, longest)))
    .map(text => (text.endsWith('\n') ? text : `${text}\n`))
    .join('');
}
