// Made once: making a decoder costs more than what it decodes, and names are decoded one by one.
const utf8 = new TextDecoder();

export function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** Characters that are put together at once: arguments of a call have a limit. */
const atOnce = 4096;

/** One character a byte, of the same number. A `TextDecoder` knows no such encoding: its latin1 is Windows-1252. */
export function decodeLatin1(bytes: Uint8Array): string {
  // Nearly always ASCII, which is UTF-8 too. Anything else in UTF-8 has more bytes than characters, or is damaged.
  if (bytes.length <= atOnce) {
    const ascii = utf8.decode(bytes);
    if (ascii.length === bytes.length && !ascii.includes('\ufffd')) return ascii;
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += atOnce) {
    text += String.fromCharCode(...bytes.subarray(at, at + atOnce));
  }
  return text;
}
