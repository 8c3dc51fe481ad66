import type { Uri } from 'vscode';

/** Of documents that hold what a cell printed. */
export const outputScheme = 'normscope-output';

const cellScheme = 'vscode-notebook-cell';
const ending = '.log';

/** The document of what a cell printed: a log, so that tensors are looked for in it. */
export function outputUriOf(cell: Uri): Uri {
  return cell.with({ scheme: outputScheme, path: cell.path + ending });
}

/** The cell whose output a document is. */
export function cellUriOf(output: Uri): Uri {
  const path = output.path.endsWith(ending) ? output.path.slice(0, -ending.length) : output.path;
  return output.with({ scheme: cellScheme, path });
}
