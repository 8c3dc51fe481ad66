import type { Result } from '../../core/problem';
import type { Fields } from '../guards';
import type { ToolName } from './toolNames';

/** A tool for language models: what it is given, as a command line of `normscope`. */
export interface LanguageTool {
  readonly name: ToolName;
  /** @returns a problem that names the property, what it was given and what would be right */
  readonly parse: (input: Fields) => Result<ToolCall>;
}

/** One call, whose files are not yet looked for. */
export interface ToolCall {
  /** What is shown while it runs: `Listing batch-norm layers of`; the files follow. */
  readonly doing: string;
  /** As the model names them. */
  readonly files: readonly string[];
  /** @param files those that were found, in the order of `files` */
  readonly command: (files: readonly FoundFile[]) => CommandLine;
  /** How to see what did not fit into the answer, as a sentence. */
  readonly more: string;
}

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface CommandLine {
  readonly args: readonly string[];
  /** Standard input, which `-` in the arguments reads. */
  readonly input?: string;
}

/**
 * A file, and what is meant in it, as the command line names the two.
 * @param file undefined for standard input
 */
export function withName(file: FoundFile | undefined, name: string | undefined): string {
  return (file?.path ?? '-') + (name === undefined ? '' : `#${name}`);
}
