// @ts-check
// Calls the tool that `question.json` of the open folder names, and writes what comes of it to `answer.json`.
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

/** @param {vscode.ExtensionContext} context */
exports.activate = context => {
  const command = vscode.commands.registerCommand('normscopeAsker.ask', ask);
  context.subscriptions.push(command);
};

async function ask() {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const { name, input } = JSON.parse(fs.readFileSync(path.join(folder, 'question.json'), 'utf8'));
  const answer = await invoke(name, input).then(
    text => ({ text }),
    error => ({ error: String(error) }),
  );
  fs.writeFileSync(path.join(folder, 'answer.json'), JSON.stringify(answer));
}

/**
 * The types of the oldest supported VS Code know no tools.
 * @typedef {{ content: { value: string }[] }} Answer
 * @typedef {{ invokeTool(name: string, options: object): Promise<Answer> }} LanguageModels
 */

/**
 * @param {string} name
 * @param {object} input
 */
async function invoke(name, input) {
  const options = { input, toolInvocationToken: undefined };
  const lm = /** @type {LanguageModels} */ (Reflect.get(vscode, 'lm'));
  const { content } = await lm.invokeTool(name, options);
  return content.map(({ value }) => value).join('');
}
