import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installExtension } from '../../hosts/extensionFolder.mjs';
import { root, temporaryFolder } from '../../hosts/places.mjs';
import { extensionsFolder } from '../../hosts/server.mjs';
import { Workbench } from './workbench';

const patience = { timeout: 20_000 };
const tensor = '[[1, 2], [3, 4]]';

interface Answer {
  readonly text?: string;
  readonly error?: string;
}

/** Calls a tool by way of an extension that does so for a model. */
async function ask(workbench: Workbench, input: object): Promise<void> {
  const question = { name: 'normscope_inspect_tensor', input };
  rmSync(join(workbench.folder, 'answer.json'), { force: true });
  writeFileSync(join(workbench.folder, 'question.json'), JSON.stringify(question));
  await workbench.runCommand('Asker: Ask a Tool');
}

async function answerOf({ folder }: Workbench): Promise<Answer> {
  const file = join(folder, 'answer.json');
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8'), patience).toMatch(/}$/);
  return JSON.parse(readFileSync(file, 'utf8')) as Answer;
}

const asker = (dataFolder: string): void =>
  installExtension(join(root, 'test/hosts/asker'), extensionsFolder(dataFolder));

describe('what a user is asked before a language model reads a file', () => {
  let workbench: Workbench;
  const outside = join(temporaryFolder('outside'), 'far.json');

  beforeAll(async () => {
    writeFileSync(outside, tensor);
    workbench = await Workbench.open({ install: asker });
  });
  afterAll(() => workbench.close());

  it('nothing, where it is in the open folder', async () => {
    await ask(workbench, { file: 'seed.bn.json', tensor: 'input' });
    expect((await answerOf(workbench)).text).toMatch(/f32\[1,2,2,4\]/);
  });

  it('whether a file outside may be read; without consent it is not', async () => {
    await ask(workbench, { file: outside });
    const dialog = workbench.page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('Read this file?');
    expect(await dialog.innerText()).toContain('far.json');
    expect(existsSync(join(workbench.folder, 'answer.json'))).toBe(false);
    await workbench.screenshot('tool-question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await answerOf(workbench)).error).toMatch(/cancel/i);
  });

  it('and with consent it is', async () => {
    await ask(workbench, { file: outside });
    const dialog = workbench.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Yes' }).click();
    expect((await answerOf(workbench)).text).toMatch(/f32\[2,2\]/);
  });
});

describe('what a user is asked in Restricted Mode', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({
      extension: 'none',
      server: { trust: true },
      install: dataFolder => {
        installExtension(root, extensionsFolder(dataFolder));
        asker(dataFolder);
      },
    });
  });
  afterAll(() => workbench.close());

  it('whether any file may be read', async () => {
    await ask(workbench, { file: 'seed.bn.json', tensor: 'input' });
    const dialog = workbench.page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('This folder is not trusted');
    await dialog.getByRole('button', { name: 'Yes' }).click();
    expect((await answerOf(workbench)).text).toMatch(/f32\[1,2,2,4\]/);
  });
});
