import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, copied, eventually, panels, results, run, sample } from './results';

async function findingIds(): Promise<readonly string[]> {
  const { findings } = JSON.parse(await copied('json')) as { findings: { id: string }[] };
  return findings.map(({ id }) => id);
}

describe('a finding’s fix, from the palette', () => {
  afterEach(closeAll);

  it('is applied to the inspection alone, and undone', async () => {
    const file = sample('findings/drift.bn.json');
    const text = (await vscode.workspace.openTextDocument(file)).getText();
    await run('inspectFile', file);
    assert.deepEqual(await findingIds(), ['drift']);
    const before = await results();
    await run('fixHere', 'drift');
    assert.deepEqual(await findingIds(), []);
    const after = await results();
    assert.equal(after.channels[3]?.movingMeanBefore, 4);
    assert.equal(before.channels[3]?.movingMeanBefore, -8);
    await run('compareFix');
    await eventually(() => assert.ok(panels().includes('Compare: drift.bn.json')));
    const stored = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    assert.equal(stored, text);
  });

  it('of flags is taken back by Undo too', async () => {
    await run('inspectFile', sample('findings/flags-meaning.bn.json'));
    await run('fixHere', 'flags-meaning');
    assert.deepEqual((await results()).flags, { training: false, trainable: false });
    await run('undo');
    assert.deepEqual((await results()).flags, { training: true, trainable: false });
    await run('redo');
    assert.deepEqual((await results()).flags, { training: false, trainable: false });
  });

  it('leaves everything as it is where it is one of the code', async () => {
    await run('inspectFile', sample('findings/non-finite-input.bn.json'));
    const before = await results();
    await run('fixHere', 'non-finite-input');
    assert.deepEqual(await results(), before);
  });
});
