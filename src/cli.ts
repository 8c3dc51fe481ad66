import { main } from './cli/main';
import { processTerminal } from './cli/terminal';

const terminal = processTerminal(process);

/** An exception is a defect of ours; its stack would tell a user nothing. */
function reportDefect(error: unknown): 2 {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.complain(
    `normscope: This is a defect of normscope (${what.split('\n', 1)[0] ?? ''}): please report it.`,
  );
  return 2;
}

// The exit code is set, not forced, so that pending output is written.
void main(process.argv.slice(2), terminal)
  .catch(reportDefect)
  .then(status => {
    process.exitCode = status;
  });
