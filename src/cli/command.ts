import type { Result } from '../core/problem';
import type { Json } from '../core/text/json';
import type { Sources } from './sources';

/** An option of a command, beside `--json` and `--help`, which all have. */
export interface CommandOption {
  readonly name: string;
  /** What its value is called in the help; absent for a switch. */
  readonly value?: string;
  readonly help: string;
}

/** The command line of one command, taken apart. */
export interface CommandArguments {
  readonly operands: readonly string[];
  /** Options with a value, as written. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Switches that were given. */
  readonly switches: ReadonlySet<string>;
}

/** What a command found. Nothing of it is printed when the command fails. */
export interface Report {
  readonly json: Json;
  /** For a person, line by line: made as they are printed, since a whole output may be among them. */
  readonly lines: () => Iterable<string>;
  /** Said on standard error beside it: what was assumed, ignored or is doubtful. */
  readonly notes: readonly string[];
  /** 1 where `doctor` or `compare` found something. */
  readonly status: 0 | 1;
}

/** A subcommand: a value in the registry of commands. */
export interface Command {
  readonly name: string;
  /** `FILE`, `A B`, or empty. */
  readonly operands: string;
  readonly help: string;
  readonly options: readonly CommandOption[];
  readonly run: (given: CommandArguments, sources: Sources) => Promise<Result<Report>>;
}
