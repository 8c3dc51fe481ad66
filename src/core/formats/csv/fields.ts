/** Neither empty nor a comment, which `numpy.savetxt` starts with `#`. */
export function isData(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#');
}

/**
 * Whether a line ends within quotes, so that the next one goes on with the field.
 * @param open whether it starts within quotes
 */
export function endsInQuotes(line: string, delimiter: string, open: boolean): boolean {
  if (delimiter === ' ' || !line.includes('"')) return open;
  let inside = open;
  for (let i = 0; i < line.length; i++) {
    if (line[i] !== '"') continue;
    if (!inside) inside = i === 0 ? !open : line[i - 1] === delimiter;
    else if (line[i + 1] === '"') i++;
    else inside = false;
  }
  return inside;
}

/** The fields of one line; quotes around one hide delimiters, and two of them are one (RFC 4180). */
export function splitFields(line: string, delimiter: string): string[] {
  if (delimiter === ' ') return line.trim().split(/[ \t]+/);
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (quoted && character === '"') {
      if (line[i + 1] === '"') field += line[++i] as string;
      else quoted = false;
    } else if (!quoted && character === '"' && (i === 0 || line[i - 1] === delimiter)) {
      quoted = true;
    } else if (!quoted && character === delimiter) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  fields.push(field);
  return fields;
}

/** What programs write where a number is missing. */
const missing = new Set(['', 'na', 'n/a', '<na>', 'nan', '-nan', 'null', 'none']);

/** The number a field holds, NaN where it is missing; undefined where it is something else. */
export function parseField(field: string, decimalComma: boolean): number | undefined {
  const text = decimalComma ? field.replace(',', '.') : field;
  const value = Number(text);
  // Number() takes 0x10 and blanks for numbers.
  if (!Number.isNaN(value) && !/^\s*(0[xob]|$)/i.test(text)) return value;
  const word = text.trim().toLowerCase();
  if (missing.has(word)) return NaN;
  const infinite = /^([-+]?)inf(?:inity)?$/.exec(word);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return undefined;
}
