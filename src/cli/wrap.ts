/** What a terminal shows in a line where nobody says how wide it is. */
export const lineWidth = 80;

/** Breaks text at its blanks into lines of at most so many characters; a longer word has its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || Array.from(longer).length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === undefined ? lines : [...lines, line];
}
