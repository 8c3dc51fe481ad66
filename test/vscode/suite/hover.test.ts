import * as assert from 'node:assert';
import * as vscode from 'vscode';

interface Shown {
  readonly markdown: string;
  readonly range: vscode.Range | undefined;
  readonly enabledCommands: readonly string[];
}

/** Normscope's own hovers at the mark `¦` of a new, untitled document. */
async function hoversIn(marked: string, language: string): Promise<Shown[]> {
  const content = marked.replace('¦', '');
  const document = await vscode.workspace.openTextDocument({ language, content });
  return hoversAt(document, document.positionAt(marked.indexOf('¦')));
}

async function hoversAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<Shown[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers.flatMap(({ contents, range }) =>
    contents
      .filter(content => content instanceof vscode.MarkdownString)
      .map(content => {
        const trusted = content.isTrusted;
        const enabledCommands = typeof trusted === 'object' ? trusted.enabledCommands : [];
        // Without the spaces that keep the columns of a table apart.
        const markdown = content.value.replace(/&ensp;/g, '');
        return { markdown, range, enabledCommands };
      })
      .filter(({ markdown, enabledCommands }) => {
        return (
          enabledCommands.length > 0 ||
          /\bf32\[|ragged|too large|only a run|cannot be read/.test(markdown)
        );
      }),
  );
}

async function onlyHover(marked: string, language: string): Promise<Shown> {
  const [hover, ...others] = await hoversIn(marked, language);
  assert.ok(hover, `no hover over ${marked}`);
  assert.equal(others.length, 0, 'more than one hover');
  return hover;
}

describe('the hover over tensor literals', () => {
  before(async () => {
    await vscode.extensions.getExtension('normscope.normscope')?.activate();
  });

  it('shows what code constructs', async () => {
    const text =
      'gamma = np.ones((4)).astype(np.float32)*2\nx = np.ara¦nge(16).reshape(1, 2, 2, 4)';
    const { markdown } = await onlyHover(text, 'python');
    assert.match(markdown, /f32\[1,2,2,4\]/);
    assert.match(markdown, /gamma/);
  });

  it('says what is not known, and what a print leaves out', async () => {
    const drawn = await onlyHover('x = torch.ra¦ndn(4, 4)', 'python');
    assert.match(drawn.markdown, /only a run has them/);
    const print =
      'INFO x = tensor(indices=tensor([[0, ¦1]]), values=tensor([1., 1.]), size=(2,), nnz=2)';
    const sparse = await onlyHover(print, 'log');
    assert.match(sparse.markdown, /This sparse tensor cannot be read/);
  });

  it('reads through the colours of a terminal', async () => {
    const text = '\u001b[32mINFO\u001b[0m x = tensor([[0.5, ¦1.5], [2.5, \u001b[1m3.5\u001b[0m]])';
    const { markdown } = await onlyHover(text, 'log');
    assert.match(markdown, /f32\[2,2\]/);
    assert.match(markdown, /Rounded by its print, to 4 digits/);
  });

  const literals: [language: string, marked: string][] = [
    ['json', '{"input": [[1, 2], [3, ¦4]]}'],
    ['jsonc', '// a comment\n[[1, 2], [3, ¦4],]'],
    ['python', 'x = np.array([[1, 2], [3, ¦4]])'],
    ['javascript', 'const x = tf.tensor2d([[1, 2], [3, ¦4]]);'],
    ['javascriptreact', 'const x = <A b={[[1, 2], [3, ¦4]]} />;'],
    ['typescript', 'const x: number[][] = [[1, 2], [3, ¦4]];'],
    ['typescriptreact', 'const x = [[1, 2], [3, ¦4]];'],
    ['plaintext', '[[1. 2.]\n [3. ¦4.]]'],
    ['log', 'INFO x=array([[1., 2.], [3., ¦4.]])'],
    ['markdown', 'Then `x = [[1, 2], [3, ¦4]]`.'],
  ];
  for (const [language, marked] of literals) {
    it(`previews in ${language}`, async () => {
      const { markdown } = await onlyHover(marked, language);
      assert.match(markdown, /`f32\[2,2\] n=4 x∈\[1 │.*│ 4\] μ=2\.50 σ=1\.12`/);
      assert.match(markdown, /\| 0 \| 2 \| 1 \| 0 \| 1 \| 0\.9995 … 2\.999 \|/);
    });
  }

  it('previews what PyTorch printed by its rules', async () => {
    const { markdown } = await onlyHover('INFO x=tensor([[1., 2.], [3., ¦4.]])', 'log');
    assert.match(markdown, /^\*\*PyTorch\*\*: module\\\.training on/m);
    assert.match(markdown, /\| 0 \| 2 \| 1 \| 0 → 0\.2 \|/);
  });

  it('previews the seed as its sample states it', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder, 'the samples are open');
    const uri = vscode.Uri.joinPath(folder.uri, 'seed.bn.json');
    const document = await vscode.workspace.openTextDocument(uri);
    const position = document.positionAt(document.getText().indexOf('4, 5, 9, 0'));
    const hovers = await hoversAt(document, position);
    const preview = hovers.find(({ markdown }) => markdown.includes('f32[1,2,2,4]'));
    assert.ok(preview, JSON.stringify(hovers));
    assert.match(preview.markdown, /\| 0 \| 3\.25 \| 6\.6875 \| 0 → 0\.0325 \| 1 → 1\.0792 \|/);
    assert.match(preview.markdown, /`gamma` \(line \d+\)/);
  });

  it('covers the literal, and links to the inspector with no other command', async () => {
    const hover = await onlyHover('x = [[1, 2], [3, ¦4]]', 'python');
    assert.deepEqual(hover.enabledCommands, ['normscope.inspectAt']);
    assert.match(
      hover.markdown,
      /\]\(command:normscope\.inspectAt\?%5B%22untitled%3A[^)\s]*%2C4%5D\)/,
    );
    assert.deepEqual(hover.range, new vscode.Range(0, 4, 0, 20));
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('normscope.inspectAt'), 'the command of the link exists');
  });

  it('previews in a notebook cell', async () => {
    const cell = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      'x = torch.tensor([[1., 2.], [3., 4.]])',
      'python',
    );
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([cell]),
    );
    const { document } = notebook.cellAt(0);
    assert.equal(document.uri.scheme, 'vscode-notebook-cell');
    const hovers = await hoversAt(document, new vscode.Position(0, 20));
    assert.equal(hovers.length, 1);
    assert.match(hovers[0]?.markdown ?? '', /\*\*x\*\* `f32\[2,2\] n=4/);
  });

  const silent: [language: string, marked: string][] = [
    ['python', 'x = [1, ¦2, 3]'],
    ['python', 'y = x[0, ¦1]'],
    ['python', '# x = [[1, 2], [3, ¦4]]'],
    ['typescript', 'const s = "[[1, 2], [3, ¦4]]";'],
    ['typescript', 'const na¦me = 1;'],
    ['json', '{"editor.rulers": [80, ¦100, 120]}'],
    ['markdown', 'as [1¦] says'],
    ['python', 'x = [[1, 2], [3¦]]'],
  ];
  for (const [language, marked] of silent) {
    it(`is silent in ${language} over ${marked}`, async () => {
      assert.deepEqual(await hoversIn(marked, language), []);
    });
  }

  it('says what is wrong in a tensor constructor', async () => {
    const { markdown } = await onlyHover('x = np.array([[1, 2], [3¦]])', 'python');
    assert.match(markdown, /ragged at index \\\[1\\\]/);
  });

  it('follows its settings', async () => {
    const configuration = vscode.workspace.getConfiguration('normscope.hover');
    const target = vscode.ConfigurationTarget.Global;
    try {
      await configuration.update('minimumListElements', 3, target);
      await onlyHover('x = [1, ¦2, 3]', 'python');
      await configuration.update('enabled', false, target);
      assert.deepEqual(await hoversIn('x = [[1, 2], [3, ¦4]]', 'python'), []);
    } finally {
      await configuration.update('minimumListElements', undefined, target);
      await configuration.update('enabled', undefined, target);
    }
  });

  it('follows an edit of the document', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'python',
      content: 'x = [[1, 2], [3, 4]]',
    });
    const position = new vscode.Position(0, 6);
    const before = await hoversAt(document, position);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 6, 0, 7), '9');
    await vscode.workspace.applyEdit(edit);
    const after = await hoversAt(document, position);
    assert.match(before[0]?.markdown ?? '', /x∈\[1 /);
    assert.match(after[0]?.markdown ?? '', /x∈\[2 .* 9\]/);
  });
});
