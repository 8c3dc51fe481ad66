import { version } from '../../package.json';
import { parseCommandLine } from './arguments';
import type { Report } from './command';
import { commands } from './commands';
import { commandHelp, generalHelp } from './help';
import { encodeJson } from '../core/text/json';
import { Sources } from './sources';
import type { Terminal } from './terminal';

/** 0 done, 1 `doctor` or `compare` found something, 2 bad usage or input. */
export type ExitStatus = 0 | 1 | 2;

/**
 * Runs one command line. Bad usage or input writes one line to standard error and nothing to standard
 * output.
 * @param args without the program's own name
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const [first, ...rest] = args;
  if (first === '--help' || first === '-h' || first === 'help') {
    return printLines(generalHelp(version), terminal);
  }
  if (first === '--version' || first === '-v') return printLines([version], terminal);
  const names = commands.map(({ name }) => name).join(', ');
  if (first === undefined) return refuse(`Name a command: ${names}.`, terminal);
  const command = commands.find(({ name }) => name === first);
  if (!command) return refuse(`There is no command "${first}": use one of ${names}.`, terminal);
  const given = parseCommandLine(command, rest);
  if (!given.ok) return refuse(given.problem.message, terminal);
  if (given.value.help) return printLines(commandHelp(command), terminal);
  const sources = new Sources(terminal);
  try {
    const report = await command.run(given.value, sources);
    if (!report.ok) return refuse(report.problem.message, terminal);
    return await print(report.value, given.value.json, terminal);
  } finally {
    await sources.close();
  }
}

async function print(report: Report, json: boolean, terminal: Terminal): Promise<ExitStatus> {
  for (const note of report.notes) terminal.complain(`normscope: ${oneLine(note)}`);
  if (!json) {
    await printLines(report.lines(), terminal);
    return report.status;
  }
  for (const piece of gather(encodeJson(report.json))) {
    if (!(await terminal.write(piece))) break;
  }
  return report.status;
}

async function printLines(lines: Iterable<string>, terminal: Terminal): Promise<0> {
  for (const piece of gather(withLineEnds(lines))) {
    if (!(await terminal.write(piece))) break;
  }
  return 0;
}

function* withLineEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** Pieces put together to what is worth a write. */
function* gather(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function refuse(message: string, terminal: Terminal): 2 {
  terminal.complain(`normscope: ${oneLine(message)}`);
  return 2;
}

/** A file's name or a key may hold line breaks and control characters; a message is one line. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
