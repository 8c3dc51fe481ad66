import * as assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { toolNames } from '../../../src/host/tools/toolNames';
import type { Tools } from '../../../src/host/tools/tools';
import { sample } from './results';
import { batchNormFile } from './safetensors';

/** VS Code's own functions for tools, which the types of the oldest supported version do not have. */
interface WithTools {
  readonly lm: {
    readonly tools: readonly { readonly name: string }[];
    readonly invokeTool: (
      name: string,
      options: { input: object; toolInvocationToken: undefined; tokenizationOptions?: object },
      token?: vscode.CancellationToken,
    ) => Thenable<{ readonly content: readonly { readonly value: string }[] }>;
  };
}
const { lm } = vscode as unknown as WithTools;

/** What a model is told. */
async function ask(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await lm.invokeTool(`normscope_${name}`, options, token);
  return content.map(({ value }) => value).join('');
}

/** What the bundle does before a call, which VS Code shows to a user alone. */
async function loadTools(): Promise<Tools> {
  const extension = vscode.extensions.getExtension('normscope.normscope');
  assert.ok(extension);
  const bundle = join(extension.extensionPath, 'dist/tools.js');
  const { createTools } = (await import(bundle)) as { createTools: (uri: vscode.Uri) => Tools };
  return createTools(extension.extensionUri);
}

describe('tools for language models', () => {
  const outside = mkdtempSync(join(tmpdir(), 'normscope-tools-'));
  after(() => rmSync(outside, { recursive: true }));

  it('are offered', () => {
    const offered = lm.tools.map(({ name }) => name);
    assert.deepEqual(
      toolNames.filter(name => !offered.includes(name)),
      [],
    );
  });

  it('run batch norm as the panel does', async () => {
    const text = await ask('run_batch_norm', { file: 'seed.bn.json', training: true });
    assert.match(text, /convention {2}tf1/);
    assert.match(text, /training true, trainable true/);
    assert.match(text, /0\.03249997 .* 1\.0791667/);
    const frozen = await ask('run_batch_norm', {
      file: 'seed.bn.json',
      convention: 'keras2',
      training: true,
      trainable: false,
    });
    assert.match(frozen, /The moving mean and variance normalise/);
  });

  it('inspect what a call brings with it', async () => {
    const text = await ask('inspect_tensor', { data: '[[1, 2], [3, NaN]]' });
    assert.match(text, /f32\[2,2\] n=4 .* NaN:1/);
  });

  it('list, diagnose and compare files of the workspace', async () => {
    const file = 'tools.safetensors';
    writeFileSync(sample(file).fsPath, batchNormFile([1, 2, 3]));
    assert.match(await ask('list_layers', { file }), /bn +3 +pytorch/);
    assert.match(await ask('inspect_tensor', { file, tensor: 'bn.running_mean' }), /μ=2\.00/);
    assert.match(await ask('diagnose', { files: [file] }), /1 batch-norm layer/);
    const found = await ask('diagnose', { files: ['never-updated.bn.json'] });
    assert.match(found, /never-updated/);
    assert.match(found, /Fix: /);
    assert.match(await ask('compare', { a: file, b: file }), /Equal: all/);
    rmSync(sample(file).fsPath);
  });

  it('answer with a bounded text that says what was cut', async () => {
    const file = 'many.safetensors';
    const names = Array.from({ length: 2000 }, (_, i) => `tensor.${i}`);
    writeFileSync(sample(file).fsPath, batchNormFile([1], names));
    const text = await ask('inspect_tensor', { file });
    assert.ok(text.length < 16_300, `${text.length} characters`);
    assert.match(text, /\[Cut here: \d+ of 2005 lines are shown, .* Name one "tensor"\.\]$/);
    rmSync(sample(file).fsPath);
  });

  it('ask before they read a file outside of the open folders, and read it then', async () => {
    const file = join(outside, 'far.json');
    writeFileSync(file, '[[1, 2], [3, 4]]');
    const tools = await loadTools();
    const asked = await tools.prepare('normscope_inspect_tensor', { input: { file } });
    assert.ok(asked.confirmationMessages);
    assert.equal(asked.confirmationMessages.title, 'Read this file?');
    assert.match(asked.confirmationMessages.message.value, /far\.json/);
    const inside = await tools.prepare('normscope_inspect_tensor', {
      input: { file: 'seed.bn.json' },
    });
    assert.deepEqual(inside, { invocationMessage: 'Reading seed.bn.json' });
    // VS Code confirms by itself in an API test.
    assert.match(await ask('inspect_tensor', { file }), /f32\[2,2\]/);
  });

  it('say what is wrong with a call, and what would be right', async () => {
    const cases: readonly [string, object, RegExp][] = [
      ['list_layers', { file: 'nowhere.pt' }, /no file "nowhere\.pt" in .*: give its path from/],
      ['inspect_tensor', { file: 'seed.bn.json', tensor: 'z' }, /no tensor "z": it holds input/],
      ['run_batch_norm', { file: 'seed.bn.json', epsilon: -1 }, /Epsilon is -1: it must be/],
      ['run_batch_norm', { file: 'seed.bn.json', convention: 'torch' }, /pytorch/],
      ['run_batch_norm', { file: 'seed.bn.json', steps: 0.5 }, /"steps" is "0.5": give a whole/],
      ['diagnose', { files: [] }, /"files" is \[\]: give a list of paths/],
      ['compare', { a: 'seed.bn.json', b: 'findings' }, /is a folder: name a file in it/],
      ['inspect_tensor', { data: '[[1, 2], [3]]' }, /\[3\]|row|ragged|length/i],
    ];
    for (const [name, input, message] of cases) {
      await assert.rejects(async () => ask(name, input), message);
    }
  });

  it('stop when they are cancelled', async () => {
    const data = JSON.stringify(
      Array.from({ length: 64 }, (_, i) => new Array<number>(256).fill(i)),
    );
    const source = new vscode.CancellationTokenSource();
    setTimeout(() => source.cancel(), 500);
    const began = Date.now();
    const endless = { data, training: true, convention: 'pytorch', steps: 100_000 };
    await assert.rejects(async () => ask('run_batch_norm', endless, source.token));
    assert.ok(Date.now() - began < 5000, `took ${Date.now() - began} ms`);
  });
});
