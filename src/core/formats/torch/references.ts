import type { PickleGlobal } from '../pickle/values';

/** Modules whose classes and functions tensors are made of. */
const usual =
  /^(torch|__torch__|collections|numpy|_codecs|copyreg|copy_reg|datetime|pathlib|argparse|typing|decimal|uuid)(\.|$)/;

/** What Python's builtins have of plain data. */
const plainBuiltins =
  /^(set|frozenset|list|dict|tuple|bytes|bytearray|complex|int|float|str|bool|object|slice|range|long|unicode)$/;

/** What can run a program, when Python's own pickle calls it. */
const dangerous =
  /^(os|posix|nt|subprocess|sys|socket|shutil|runpy|importlib|pty|commands|webbrowser|ctypes|code|codeop|pip|asyncio|multiprocessing|pickle|_pickle|cloudpickle|dill|marshal|timeit|pdb|bdb|profile|cProfile|trace|types|operator|functools|urllib|requests|http|ftplib|tempfile|io|_io|builtins|__builtin__|torch\.hub|torch\.utils\.collect_env|numpy\.f2py)(\.|$)/;

/** Names that are said; of more, how many there are. */
const mostNamed = 5;

/** What a user should know of the classes and functions that a pickle refers to. Nothing of them was run. */
export function referenceNotes(globals: readonly PickleGlobal[]): string[] {
  const [harmful, foreign]: [string[], string[]] = [[], []];
  for (const { module, name, path } of globals) {
    const builtin = /^(__builtin__|builtins)$/.test(module);
    if (builtin && plainBuiltins.test(name)) continue;
    if (dangerous.test(module)) harmful.push(path);
    else if (!usual.test(module)) foreign.push(path);
  }
  return [
    ...(harmful.length === 0
      ? []
      : [
          `It refers to ${listed(harmful)}, which Python's pickle would call on loading it: do not load a file that you did not make. Nothing was executed here.`,
        ]),
    ...(foreign.length === 0
      ? []
      : [`Objects of ${listed(foreign)} are read as plain data; none of their code was run.`]),
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map(name => name.slice(0, 100));
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
