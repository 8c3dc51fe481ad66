import { usageOf } from './arguments';
import type { Command } from './command';
import { commands } from './commands';
import { layOutPairs } from './table';

export function generalHelp(version: string): string[] {
  return [
    `normscope ${version}: what batch normalisation does to a tensor, under each framework's own rules`,
    '',
    ...indent(
      layOutPairs(
        commands.map(({ name, operands, help }) => [
          `normscope ${name} ${operands}`.trimEnd(),
          help,
        ]),
      ),
    ),
    '',
    'FILE may be - for standard input, and may end in #NAME for one tensor or layer in it.',
    'Every command takes --json; normscope COMMAND --help lists the other options.',
  ];
}

export function commandHelp(command: Command): string[] {
  const options = command.options.map(({ name, value, help }): readonly [string, string] => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  return [
    `normscope ${usageOf(command)}`,
    `  ${command.help}`,
    '',
    ...indent(layOutPairs([...options, ['--json', 'print JSON']])),
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`);
}
