/** Text from a document as Markdown that shows it and does nothing else: no links, images or markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, character => `\\${character}`);
}

/** Text from a document in a code span; cut where it is long, with the cut shown. */
export function codeSpan(text: string, longest = 60): string {
  const line = text.replace(/[\s`|]+/g, ' ');
  const shown = line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
  return `\`${shown}\``;
}

/** A link that runs a command; its arguments survive any character in them. */
export function commandLink(label: string, command: string, argument: readonly unknown[]): string {
  const query = encodeURIComponent(JSON.stringify(argument)).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${label}](command:${command}?${query})`;
}
