import * as assert from 'node:assert';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually, replaceIn, sample } from './results';

const folder = mkdtempSync(join(tmpdir(), 'normscope-run-files-'));
let count = 0;

/** A run file in an editor, opened as a user does: a document that an extension asks for outlives its editor. */
async function open(text: string): Promise<vscode.TextDocument> {
  const file = join(folder, `${count++}.bn.json`);
  writeFileSync(file, text);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document);
  assert.equal(document.uri.fsPath, file);
  return document;
}

function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Normscope');
}

async function diagnosed(document: vscode.TextDocument, codes: readonly string[]): Promise<void> {
  await eventually(() =>
    assert.deepEqual(
      ours(document.uri).map(({ code }) => code),
      codes,
    ),
  );
}

describe('run files', () => {
  afterEach(closeAll);

  const broken: [code: string, text: string, at: string][] = [
    ['length-mismatch', '{"input": [[1, 2], [3, 4]], "gamma": [1, 2, 3]}', '[1, 2, 3]'],
    ['row-ragged', '{"input": [[1, 2], [3]]}', '[3]'],
    ['epsilon-invalid', '{"input": [[1, 2], [3, 4]], "epsilon": -1}', '-1'],
    ['momentum-invalid', '{"input": [[1, 2], [3, 4]], "momentum": 7}', '7'],
    ['unknown-convention', '{"input": [[1, 2], [3, 4]], "convention": "torch"}', '"torch"'],
    ['single-value', '{"convention": "pytorch", "training": true, "input": [[1, 2]]}', 'true'],
  ];
  for (const [code, text, at] of broken) {
    it(`have ${code} where it stands`, async () => {
      const document = await open(text);
      await diagnosed(document, [code]);
      const [diagnostic] = ours(document.uri);
      assert.equal(diagnostic?.severity, vscode.DiagnosticSeverity.Error);
      assert.ok(diagnostic);
      const offset = document.offsetAt(diagnostic.range.start);
      const start = text.indexOf(at);
      assert.ok(offset >= start && offset <= start + at.length, `at ${offset}, not ${start}`);
    });
  }

  it('lose a diagnostic when it is mended, and all when they are closed', async () => {
    const document = await open('{"input": [[1, 2], [3, 4]], "epsilon": -1}');
    await diagnosed(document, ['epsilon-invalid']);
    await replaceIn(document, '-1', '0.1');
    await diagnosed(document, []);
    await replaceIn(document, '0.1', '-5');
    await diagnosed(document, ['epsilon-invalid']);
    await closeAll();
    await diagnosed(document, []);
  });

  it('warn of a negative variance', async () => {
    const document = await open('{"input": [[1, 2], [3, 4]], "moving_var": [1, -1]}');
    await diagnosed(document, ['negative-variance']);
    const [diagnostic] = ours(document.uri);
    assert.equal(diagnostic?.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(diagnostic && document.getText(diagnostic.range), '"moving_var"');
  });

  it('have the findings of their next step at their members, with quick fixes', async () => {
    const document = await open(
      '{"convention": "pytorch", "training": false, "momentum": 0.99, "running_var": [1, -9.99989e-6], "input": [[1, 2], [3, 4]]}',
    );
    await diagnosed(document, ['negative-variance', 'momentum-meaning']);
    const at = document.positionAt(document.getText().indexOf('0.99'));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at.translate(0, 4)),
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title === 'Set momentum to 0.01');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(document.getText(), /"momentum": 0.01,/);
    await diagnosed(document, ['negative-variance']);
  });

  it('are told one thing once: what we check, the schema does not', async () => {
    const document = await open(
      '{"input": [[1, "a"], [3]], "epsilon": -1, "momentum": 7, "convention": "torch", "axis": 1.5,' +
        ' "training": "yes", "gamma": {}, "shape": [0], "note": "a", "note": "b"}',
    );
    const others = (): string[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source !== 'Normscope')
        .map(({ message }) => message);
    // The key that stands twice says that VS Code has checked the file.
    await eventually(() => assert.ok(others().some(message => /duplicate/i.test(message))));
    assert.deepEqual(
      others().filter(message => !/duplicate/i.test(message)),
      [],
    );
  });

  it('have none in the samples', async () => {
    for (const name of ['seed', 'never-updated']) {
      const document = await vscode.workspace.openTextDocument(sample(`${name}.bn.json`));
      await new Promise(resolve => setTimeout(resolve, 1000));
      assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    }
  });

  it('offer the one obvious fix, which mends them', async () => {
    const document = await open(
      '{\n  "input": [[1, 2, 3], [3, 4, 5]],\n  "axis": 0,\n  "beta": [1, 2, 3]\n}',
    );
    await diagnosed(document, ['length-mismatch']);
    const [diagnostic] = ours(document.uri);
    assert.ok(diagnostic);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title === 'Set the channel axis to 1');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(document.getText(), /"axis": 1,/);
    await diagnosed(document, []);
  });

  it('have a link and a summary above the input', async () => {
    const document = await vscode.workspace.openTextDocument(sample('seed.bn.json'));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.ok(
      titles.some(title => title.includes('Inspect in Normscope')),
      titles.join(),
    );
    assert.ok(
      titles.some(title => title.startsWith('f32[1,2,2,4] n=16')),
      titles.join(),
    );
    const line = document.positionAt(document.getText().indexOf('"input"')).line;
    assert.ok(lenses.every(({ range }) => range.start.line === line));
  });

  it('have completion from the schema', async () => {
    const document = await open('{\n  \n}');
    await eventually(async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(1, 2),
      );
      const labels = list.items.map(({ label }) =>
        typeof label === 'string' ? label : label.label,
      );
      assert.ok(labels.includes('moving_mean'), labels.slice(0, 20).join());
    });
  });

  it('are offered conventions and flags', async () => {
    const text = '{ "convention": , "training":  }';
    const document = await open(text);
    for (const [place, label] of [
      [': ,', '"pytorch"'],
      [':  }', 'true'],
    ] as const) {
      await eventually(async () => {
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          document.positionAt(text.indexOf(place) + 2),
        );
        const labels = list.items.map(item =>
          typeof item.label === 'string' ? item.label : item.label.label,
        );
        assert.ok(labels.includes(label), labels.join());
      });
    }
  });
});
