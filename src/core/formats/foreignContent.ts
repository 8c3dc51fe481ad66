import { quoted } from './shapes';

/** Starts of files that hold no tensors, as they are met under a tensor file's name. */
const signatures: readonly (readonly [string, readonly number[]])[] = [
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['compressed by gzip', [0x1f, 0x8b]],
  ['compressed by zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['compressed by xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
];

/** Characters that are shown of a text. */
const shownCharacters = 40;

export interface ForeignContent {
  /** False where it is text, which may as well be what its name says, with a mistake. */
  readonly isCertain: boolean;
  /** A sentence without the file's name: what it is, and what to do. */
  readonly message: string;
}

/**
 * What a file is that could not be read as the format that its name says.
 * @param head its first bytes
 * @param format what its name says, for a person: `NumPy array`
 * @returns undefined where the bytes do not tell
 */
export function foreignContent(head: Uint8Array, format: string): ForeignContent | undefined {
  const instead = `although its name is that of the kind “${format}”: give it the right name, or choose another file.`;
  if (head.length === 0) {
    return { isCertain: true, message: `it is empty, ${instead}` };
  }
  for (const [what, bytes] of signatures) {
    if (bytes.every((byte, i) => head[i] === byte)) {
      return { isCertain: true, message: `it is ${what}, ${instead}` };
    }
  }
  const text = asText(head);
  return text === undefined ? undefined : foreignText(text, instead);
}

function foreignText(text: string, instead: string): ForeignContent {
  if (text.startsWith('version https://git-lfs.')) {
    const message =
      'it is a pointer that Git LFS keeps in place of the file: run “git lfs pull” to get the file itself.';
    return { isCertain: true, message };
  }
  if (/^\s*<(!doctype|html)\b/i.test(text)) {
    const message =
      'it is a web page, which came in place of the file when it was downloaded: download it again.';
    return { isCertain: true, message };
  }
  const first = text.trim().split(/\r?\n/, 1)[0] ?? '';
  const start = first.slice(0, shownCharacters);
  const shown = quoted(start === first ? first : `${start}…`);
  return { isCertain: false, message: `it is text (${shown}), ${instead}` };
}

/** @returns undefined for bytes that no text in UTF-8 begins with */
function asText(head: Uint8Array): string | undefined {
  try {
    // The last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return text.trim() === '' || /[\0-\x08\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
