import * as vscode from 'vscode';
import type { InspectionPanels } from '../panel/inspectionPanels';
import { say } from '../commands/prompts';
import { isInside, lengthenAddress } from './linkAddresses';
import { readLink } from './link';

/** Path of links that open a view. */
export const openPath = '/open';

/** Opens what links show. Links come from anywhere: a file outside of the open folders is asked for. */
export class LinkHandler implements vscode.UriHandler {
  constructor(
    private readonly panels: InspectionPanels,
    private readonly confirm: (files: readonly string[]) => Promise<boolean> = confirmed,
  ) {}

  async handleUri(uri: vscode.Uri): Promise<void> {
    if (uri.path !== openPath) {
      await say(
        `Normscope does not know links to ${uri.path}: those to a view begin with ${openPath}.`,
      );
      return;
    }
    const link = readLink(uri.query, lengthenAddress);
    if (!link.ok) {
      await say(link.problem.message);
      return;
    }
    const { source, actions, files } = link.value;
    const foreign = files.filter(address => !isInside(address));
    if (foreign.length > 0 && !(await this.confirm(foreign))) return;
    const session = this.panels.open(source);
    await session.settled();
    for (const action of actions) {
      const done = await session.act(action);
      // The file may have changed since: the rest still holds.
      if (!done.ok && session.inspection) await say(done.problem.message);
    }
  }
}

async function confirmed(files: readonly string[]): Promise<boolean> {
  const names = files.map(nameForPerson).join('\n');
  const what = files.length === 1 ? 'a file' : `${files.length} files`;
  const answer = await vscode.window.showWarningMessage(
    `A link asks Normscope to read ${what} outside of the open folders.`,
    { modal: true, detail: names },
    'Read It',
  );
  return answer === 'Read It';
}

/** The path of a local file; all of any other address, since where it leads is what matters. */
function nameForPerson(address: string): string {
  const uri = vscode.Uri.parse(address);
  return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
}
