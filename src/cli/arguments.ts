import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../core/problem';
import type { Command, CommandArguments } from './command';

export interface ParsedArguments extends CommandArguments {
  readonly json: boolean;
  readonly help: boolean;
}

/** Takes a command's arguments apart. @returns a problem that names what is wrong and the usage */
export function parseCommandLine(
  command: Command,
  args: readonly string[],
): Result<ParsedArguments> {
  const usage = (message: string): Result<never> =>
    fail('usage', `${message} Usage: normscope ${usageOf(command)}`);
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  };
  for (const { name, value } of command.options) {
    options[name] = { type: value === undefined ? 'boolean' : 'string' };
  }
  const parsed = parse(attachDashedValues(command, args), options);
  if (typeof parsed === 'string') return usage(parsed);
  const { values, positionals } = parsed;
  const help = values.help === true;
  const misfit = help ? undefined : operandMisfit(command, positionals);
  if (misfit !== undefined) return usage(misfit);
  const entries = Object.entries(values);
  return ok({
    json: values.json === true,
    help,
    operands: positionals.map(unshield),
    values: Object.fromEntries(
      entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    switches: new Set(entries.flatMap(([name, value]) => (value === true ? [name] : []))),
  });
}

export function usageOf({ name, operands, options }: Command): string {
  const given = options.length === 0 ? '' : ' [options]';
  return `${name}${operands === '' ? '' : ` ${operands}`}${given} [--json]`;
}

type Parsed = ReturnType<typeof parseArgs>;

/** @returns what is wrong, as a sentence, where Node's parser refuses the line */
function parse(
  args: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
): Parsed | string {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Node goes on about positional arguments; its first sentence says what is wrong.
    const first = /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? `${text}.`;
    return (
      first
        .replace(/\s+/g, ' ')
        .replace(/ <value>/g, '')
        // What follows an option begins with a dash, so it is the next option.
        .replace('argument is ambiguous', 'argument missing')
    );
  }
}

/** Marks an operand that Node's parser would take for options; no argument of a process can hold it. */
const shield = '\0';

function unshield(operand: string): string {
  return operand.startsWith(shield) ? operand.slice(shield.length) : operand;
}

/**
 * `--axis -1` is meant as `--axis=-1`, which Node's parser calls ambiguous; `-#x`, a tensor of standard
 * input, is the value of the option before it or an operand.
 */
function attachDashedValues({ options }: Command, args: readonly string[]): string[] {
  const takesValue = new Set(
    options.flatMap(({ name, value }) => (value === undefined ? [] : [`--${name}`])),
  );
  const attached: string[] = [];
  for (const argument of args) {
    const option = attached.at(-1);
    const ofInput = argument.startsWith('-#');
    const isValue = ofInput || /^-(\d|\.\d|Infinity$)/.test(argument);
    if (isValue && option !== undefined && takesValue.has(option)) {
      attached[attached.length - 1] = `${option}=${argument}`;
    } else attached.push(ofInput ? shield + argument : argument);
  }
  return attached;
}

function operandMisfit({ operands }: Command, given: readonly string[]): string | undefined {
  const wanted = operands === '' ? [] : operands.split(' ');
  const many = operands.endsWith('...');
  if (given.length < wanted.length) return `${wanted[given.length] ?? 'FILE'} is missing.`;
  if (!many && given.length > wanted.length) {
    return `"${given[wanted.length] ?? ''}" is one argument too many.`;
  }
  return undefined;
}
