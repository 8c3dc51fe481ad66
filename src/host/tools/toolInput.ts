import { fail, ok, type Result } from '../../core/problem';
import type { Fields } from '../guards';

/** Characters of a name or a path; more is none. */
const longestName = 4096;

/**
 * Reads what a model wrote, property by property, and remembers the first that is wrong. What is not asked
 * for is wrong as well: it would be ignored in silence. `null` counts as absent, as models write it.
 */
export class ToolInput {
  readonly #asked = new Set<string>();
  #problem: Result<never> | undefined;

  constructor(private readonly input: Fields) {}

  text(property: string): string | undefined {
    const value = this.#take(property);
    if (value === undefined) return undefined;
    if (isName(value)) return value;
    if (typeof value !== 'string' || value.length <= longestName) {
      this.#wrong(property, 'a string that is not empty');
    } else {
      this.#refuse(`"${property}" has ${value.length} characters: give at most ${longestName}.`);
    }
    return undefined;
  }

  /** @param wanted what would be right: `the path of a checkpoint` */
  requiredText(property: string, wanted: string): string {
    if (this.#take(property) === undefined) {
      this.#refuse(`"${property}" is missing: give ${wanted}.`);
    }
    return this.text(property) ?? '';
  }

  /** Text of any kind, such as JSON. @param most characters */
  longText(property: string, most: number): string | undefined {
    const value = this.#take(property);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= most) return value;
    if (typeof value !== 'string') this.#wrong(property, 'JSON as a string');
    else {
      this.#refuse(
        `"${property}" has ${value.length} characters: give at most ${most}, or write a file and name it in "file".`,
      );
    }
    return undefined;
  }

  number(property: string): number | undefined {
    const value = this.#take(property);
    if (value === undefined || typeof value === 'number') return value;
    this.#wrong(property, 'a number');
    return undefined;
  }

  flag(property: string): boolean | undefined {
    const value = this.#take(property);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#wrong(property, 'true or false');
    return undefined;
  }

  /** A list with something in it. @param most how many of them one call takes */
  paths(property: string, most: number): readonly string[] {
    const value = this.#take(property);
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    const paths = items.filter(isName);
    if (items.length === 0 || paths.length < items.length) {
      this.#wrong(property, 'a list of paths, such as ["runs/epoch1.pt"]');
    }
    if (paths.length > most) {
      this.#refuse(`"${property}" names ${paths.length} files: give at most ${most}.`);
    }
    return paths;
  }

  /** Remembers a problem of several properties together. */
  refuseIf(isWrong: boolean, message: string): void {
    if (isWrong) this.#refuse(message);
  }

  /** @returns what was made of the input, or the first problem with it */
  finish<T>(made: T): Result<T> {
    const unknown = Object.keys(this.input).find(property => !this.#asked.has(property));
    if (this.#problem) return this.#problem;
    if (unknown === undefined) return ok(made);
    const known = [...this.#asked].join(', ');
    return fail('bad-input', `There is no property "${unknown.slice(0, 80)}": there are ${known}.`);
  }

  #take(property: string): unknown {
    this.#asked.add(property);
    return this.input[property] ?? undefined;
  }

  #wrong(property: string, wanted: string): void {
    const given = JSON.stringify(this.#take(property) ?? null).slice(0, 80);
    this.#refuse(
      given === 'null'
        ? `"${property}" is missing: give ${wanted}.`
        : `"${property}" is ${given}: give ${wanted}.`,
    );
  }

  #refuse(message: string): void {
    this.#problem ??= fail('bad-input', message);
  }
}

function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= longestName &&
    !value.includes('\0')
  );
}
