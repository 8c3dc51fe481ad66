import * as assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually } from './results';

const code = `import torch.nn as nn

bn = nn.BatchNorm2d(64, momentum=0.99)
`;

async function opened(content: string, language = 'python'): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

function found({ uri }: vscode.TextDocument): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Normscope');
}

async function firstFound(document: vscode.TextDocument): Promise<vscode.Diagnostic> {
  await eventually(() => assert.strictEqual(found(document).length, 1));
  const [diagnostic] = found(document);
  assert.ok(diagnostic);
  return diagnostic;
}

async function actions(
  { uri }: vscode.TextDocument,
  { range }: vscode.Diagnostic,
): Promise<readonly vscode.CodeAction[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return all.filter(({ title }) => title.includes('momentum'));
}

describe('rules for code', () => {
  const configuration = (): vscode.WorkspaceConfiguration =>
    vscode.workspace.getConfiguration('normscope.rules');
  before(async () => {
    await vscode.extensions.getExtension('normscope.normscope')?.activate();
  });
  afterEach(async () => {
    await configuration().update('momentum-convention', undefined, true);
    await closeAll();
  });

  it('mark what is wrong, with its page', async () => {
    const document = await opened(code);
    const diagnostic = await firstFound(document);
    assert.strictEqual(document.getText(diagnostic.range), '0.99');
    assert.strictEqual(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(diagnostic.message, /0\.01/);
    const id = diagnostic.code;
    assert.ok(typeof id === 'object');
    assert.strictEqual(id.value, 'momentum-convention');
    const page = await vscode.workspace.openTextDocument(id.target);
    assert.match(page.getText(), /^# momentum-convention/);
  });

  it('mend it, and follow the text as it is typed', async () => {
    const document = await opened(code);
    const [fix] = await actions(document, await firstFound(document));
    assert.strictEqual(fix?.title, 'Use momentum 0.01');
    assert.ok(fix.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(document.getText(), /momentum=0\.01\)/);
    await eventually(() => assert.deepStrictEqual(found(document), []));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(
      document.uri,
      new vscode.Position(3, 0),
      'other = nn.BatchNorm1d(8, momentum=0.9)\n',
    );
    await vscode.workspace.applyEdit(edit);
    await firstFound(document);
  });

  it('are turned off by the light bulb, and by the setting', async () => {
    const document = await opened(code);
    const offered = await actions(document, await firstFound(document));
    const off = offered.find(({ title }) => title === 'Turn off momentum-convention');
    assert.ok(off?.command);
    await vscode.commands.executeCommand(
      off.command.command,
      ...((off.command.arguments ?? []) as unknown[]),
    );
    assert.strictEqual(configuration().get('momentum-convention'), 'off');
    await eventually(() => assert.deepStrictEqual(found(document), []));
    await configuration().update('momentum-convention', 'error', true);
    const diagnostic = await firstFound(document);
    assert.strictEqual(diagnostic.severity, vscode.DiagnosticSeverity.Error);
  });

  it('show the places that prove it', async () => {
    const document = await opened(`import tensorflow as tf
x = tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 4]))
train = tf.train.AdamOptimizer().minimize(tf.reduce_mean(x))
with tf.Session() as session:
    session.run(train)
`);
    const { relatedInformation, range } = await firstFound(document);
    assert.strictEqual(range.start.line, 1);
    assert.deepStrictEqual(
      relatedInformation?.map(({ location }) => location.range.start.line),
      [2, 3],
    );
  });

  const fixtures = join(__dirname, '../../../test/fixtures/rules');
  for (const name of readdirSync(fixtures).filter(file => file.includes('.bad.'))) {
    it(`find in ${name} what it says, and mend it`, async () => {
      const text = readFileSync(join(fixtures, name), 'utf8');
      const expected = text.split('\n').flatMap((line, i) => (line.includes('<- ') ? [i] : []));
      const document = await opened(text, name.endsWith('.js') ? 'javascript' : 'python');
      const lines = (): readonly number[] => found(document).map(({ range }) => range.start.line);
      await eventually(() => assert.deepStrictEqual(lines(), expected));
      const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        found(document)[0]?.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = offered.find(({ edit, isPreferred }) => edit && isPreferred === true);
      // Of a freeze in PyTorch, and of a batch size, nobody knows what is wanted.
      if (!fix?.edit) {
        assert.match(name, /^(?:batch-of-one|trainable-freeze\.bad)/);
        return;
      }
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await eventually(() => assert.strictEqual(lines().length, expected.length - 1));
    });
  }

  describe('in a notebook', () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python');
    const openedCells = async (...cells: string[]): Promise<vscode.NotebookDocument> => {
      const data = new vscode.NotebookData(cells.map(cell));
      const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
      await vscode.window.showNotebookDocument(notebook);
      return notebook;
    };
    const magics = '%matplotlib inline\n!pip install "tensorflow<2"\nimport tensorflow as tf';
    const layer = `x = tf.placeholder(tf.float32, [None, 4])
training = tf.placeholder(tf.bool)
y = tf.layers.batch_normalization(x, training=training)`;
    const trainOp = 'train = tf.train.AdamOptimizer().minimize(tf.reduce_mean(y))';
    const session = `with tf.Session() as session:
    session.run(train, {training: True})`;

    it('find in one cell what another proves', async () => {
      const notebook = await openedCells(
        magics,
        layer,
        '%%bash\nls (',
        `%time ${trainOp}`,
        session,
      );
      const [, second, , fourth] = notebook.getCells();
      assert.ok(second && fourth);
      await eventually(() => assert.strictEqual(found(fourth.document).length, 1));
      const [diagnostic] = found(fourth.document);
      assert.ok(diagnostic && typeof diagnostic.code === 'object');
      assert.strictEqual(diagnostic.code.value, 'update-ops-never-run');
      assert.strictEqual(fourth.document.getText(diagnostic.range), 'minimize(tf.reduce_mean(y))');
      const [evidence] = diagnostic.relatedInformation ?? [];
      assert.strictEqual(evidence?.location.uri.toString(), second.document.uri.toString());
      assert.strictEqual(evidence.location.range.start.line, 2);
    });

    it('mend it in the cells that it is in', async () => {
      const notebook = await openedCells(magics, layer, trainOp, session);
      const [, second, third] = notebook.getCells();
      assert.ok(second && third);
      await eventually(() => assert.strictEqual(found(third.document).length, 1));
      const all = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        third.document.uri,
        new vscode.Range(0, 0, 0, trainOp.length),
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = all.find(({ title }) => title === 'Run UPDATE_OPS with the train op');
      assert.ok(fix?.edit);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.strictEqual(
        third.document.getText(),
        `with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):\n    ${trainOp}`,
      );
      assert.strictEqual(second.document.getText(), layer);
      await eventually(() => assert.deepStrictEqual(found(third.document), []));
    });

    it('are silent as soon as a later cell puts it right', async () => {
      const notebook = await openedCells(magics, layer, trainOp, session);
      const third = notebook.cellAt(2).document;
      await eventually(() => assert.strictEqual(found(third).length, 1));
      const edit = new vscode.WorkspaceEdit();
      const update = 'update = tf.get_collection(tf.GraphKeys.UPDATE_OPS)';
      edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(4, [cell(update)])]);
      await vscode.workspace.applyEdit(edit);
      await eventually(() => assert.deepStrictEqual(found(third), []));
      const back = new vscode.WorkspaceEdit();
      back.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(4, 5))]);
      await vscode.workspace.applyEdit(back);
      await eventually(() => assert.strictEqual(found(third).length, 1));
    });

    it('are checked again when the cell that put it right is another program’s', async () => {
      const update = 'update = tf.get_collection(tf.GraphKeys.UPDATE_OPS)';
      const notebook = await openedCells(magics, layer, trainOp, session, update);
      const [third, fifth] = [notebook.cellAt(2).document, notebook.cellAt(4).document];
      const edit = new vscode.WorkspaceEdit();
      edit.insert(fifth.uri, new vscode.Position(0, 0), '%%bash\n');
      // It is silent once it was checked, of which nothing is to be seen: the cell has to be known before.
      await eventually(() => assert.deepStrictEqual(found(third), []));
      await new Promise(resolve => setTimeout(resolve, 1_500));
      await vscode.workspace.applyEdit(edit);
      await eventually(() => assert.strictEqual(found(third).length, 1));
    });
  });

  it('say nothing of files that have no batch norm, or are not code', async () => {
    const plain = await opened(code, 'plaintext');
    const other = await opened('momentum = 0.99\n');
    await firstFound(await opened(code));
    assert.deepStrictEqual([...found(plain), ...found(other)], []);
  });
});
