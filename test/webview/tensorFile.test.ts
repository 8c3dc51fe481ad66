import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';
import type { PageOptions } from './harness/pages';

/** The page of a tensor file by role and name, in a real browser, under a webview's policy. */
inBrowser('the page of a tensor file', pages => {
  const open = (options: PageOptions = {}): Promise<Page> =>
    pages.open({ page: 'tensorFile', ...options });
  const row = (page: Page, name: string | RegExp): Locator =>
    page.getByRole('row', { name }).first();
  const filter = (page: Page): Locator =>
    page.getByRole('textbox', { name: 'Filter tensors and layers' });
  const active = (page: Page): Promise<string> =>
    page.locator('.tree-row:focus .label').first().innerText();
  const requests = (page: Page): Promise<unknown> =>
    page.evaluate(() => window.files.requests.filter(({ kind }) => kind !== 'select'));
  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  test('shows what the file is, its notes and its health', async () => {
    const page = await open();
    await row(page, /conv1/).waitFor();
    const header = page.locator('header');
    expect(await header.innerText()).toMatch(
      /PyTorch checkpoint.*46.8 MB.*104 tensors.*17 batch norms/s,
    );
    expect(await header.innerText()).toContain('posix.system');
    await expect.poll(() => header.innerText()).toMatch(/2 errors.*3 warnings.*4 notes/s);
    await page.close();
  });

  test('is a tree for the keyboard', async () => {
    const page = await open();
    await row(page, /^model/).focus();
    expect(await active(page)).toBe('model');
    await press(page, 'ArrowRight', 'ArrowDown');
    expect(await active(page)).toBe('bn1');
    await press(page, 'ArrowRight');
    await expect.poll(() => row(page, /bn1/).getAttribute('aria-expanded')).toBe('true');
    await press(page, 'ArrowRight');
    expect(await active(page)).toBe('weight');
    await press(page, 'ArrowLeft', 'ArrowLeft');
    await expect.poll(() => row(page, /bn1/).getAttribute('aria-expanded')).toBe('false');
    await press(page, 'End');
    await expect.poll(() => active(page)).toBe('bias');
    // One row alone takes the Tab key.
    expect(await page.locator('.tree-row[tabindex="0"]').count()).toBe(1);
    await page.close();
  });

  test('inspects the layer and the tensor that Enter is pressed on', async () => {
    const page = await open();
    await row(page, /bn1/).click();
    await press(page, 'Enter');
    await row(page, /conv1/).click();
    await page.getByRole('button', { name: 'Copy shape' }).waitFor();
    await press(page, 'ArrowRight', 'ArrowRight');
    await expect
      .poll(() => requests(page))
      .toContainEqual({ kind: 'inspect', item: { kind: 'layer', name: 'model.bn1' } });
    await page.close();
  });

  test('offers to choose an input and to copy, for the selected row', async () => {
    const page = await open();
    await row(page, /bn1/).click();
    await page.getByRole('button', { name: 'With an input…' }).click();
    await page.getByRole('button', { name: 'Copy name' }).click();
    const item = { kind: 'layer', name: 'model.bn1' };
    await expect
      .poll(() => requests(page))
      .toEqual([
        { kind: 'chooseInput', item },
        { kind: 'copy', item, what: 'name' },
      ]);
    await page.close();
  });

  test('filters as one types, and says how much is left', async () => {
    const page = await open();
    await filter(page).fill('layer2 running_var');
    await expect.poll(() => page.locator('.tree-row.tensor').count()).toBe(4);
    expect(await page.locator('.count').innerText()).toBe('4 tensors, 4 batch norms shown');
    await press(page, 'ArrowDown');
    expect(await page.locator('.tree-row:focus').count()).toBe(1);
    await filter(page).fill('');
    // A group that was closed by hand hides nothing that is searched for.
    await row(page, /^layer2/).click();
    await press(page, 'ArrowLeft');
    await expect.poll(() => row(page, /^layer2/).getAttribute('aria-expanded')).toBe('false');
    await filter(page).fill('layer2 running_var');
    await expect.poll(() => page.locator('.tree-row.tensor').count()).toBe(4);
    await filter(page).fill('nowhere');
    await page.getByText('Nothing has all of “nowhere”').waitFor();
    await filter(page).press('Escape');
    await row(page, /^model/).waitFor();
    await page.close();
  });

  test('says of a group how its batch norms are', async () => {
    const page = await open();
    await row(page, /^layer2.*error/).click();
    const health = page.getByRole('list', { name: 'Health' });
    await expect.poll(() => health.innerText()).toMatch(/2\s+error/);
    await page.close();
  });

  test('shows what was found in its place, when the filter is emptied', async () => {
    const page = await open({ height: 500 });
    await filter(page).fill('layer4 bn2');
    await row(page, /layer4/).waitFor();
    await page.locator('.tree-row.layer').last().click();
    await filter(page).press('Escape');
    await expect
      .poll(() => page.locator('.tree').evaluate(tree => tree.scrollTop))
      .toBeGreaterThan(0);
    const box = await page.locator('.tree-row.active').boundingBox();
    expect(box?.y).toBeLessThan(480);
    expect(await page.locator('.tree-row.active .label').innerText()).toMatch(/bn2/);
    // The filter keeps the keyboard.
    expect(await page.locator('.tree-row:focus').count()).toBe(0);
    await page.close();
  });

  test('lists the layers worst first, with what is wrong beside them', async () => {
    const page = await open();
    await page.getByRole('radio', { name: 'Batch norms, worst first' }).click();
    await expect
      .poll(() => page.locator('.tree-row').first().innerText())
      .toMatch(/layer2\.0\.bn2/);
    // What all names begin with tells nothing apart.
    expect(await page.locator('.tree-row').first().innerText()).not.toContain('model.');
    await page.locator('.tree-row').first().click();
    const health = page.getByRole('list', { name: 'Health' });
    expect(await health.innerText()).toMatch(/below 0/);
    await page.close();
  });

  test('chooses the arrangement with the arrow keys, as radio buttons are', async () => {
    const page = await open();
    const [everything, layers] = ['Everything', 'Batch norms, worst first'].map(name =>
      page.getByRole('radio', { name }),
    );
    await everything?.focus();
    await press(page, 'ArrowRight');
    await expect.poll(() => layers?.getAttribute('aria-checked')).toBe('true');
    expect(await page.locator('.segment:focus').innerText()).toBe('Batch norms, worst first');
    expect(await page.locator('.segment[tabindex="0"]').count()).toBe(1);
    await page.close();
  });

  test.each([1100, 700, 420, 320])(
    'at %i pixels the end of every name is in sight',
    async width => {
      const page = await open({ width });
      await page.getByRole('radio', { name: 'Batch norms, worst first' }).click();
      await page.getByRole('columnheader', { name: 'name' }).waitFor();
      // Columns are given up to the width a moment after the page has it.
      const cut = (): Promise<string[]> =>
        page.locator('.tree-row .label').evaluateAll(labels =>
          labels.flatMap(label => {
            const cell = label.closest('.name')?.getBoundingClientRect();
            const range = document.createRange();
            range.selectNodeContents(label);
            const { right, width: wide } = range.getBoundingClientRect();
            return cell && wide > 20 && right <= cell.right + 1 ? [] : [label.textContent];
          }),
        );
      await expect.poll(cut).toEqual([]);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways).toBeLessThanOrEqual(0);
      await page.close();
    },
  );

  test('checks layers in the background, and stops when told', async () => {
    const page = await open({ scenario: 'slow' });
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Check all' }).waitFor();
    await page.close();
  });

  test('follows the file and says what changed', async () => {
    const page = await open();
    await expect.poll(() => page.locator('header').innerText()).toMatch(/2 errors/);
    await page.evaluate(() => window.files.write('grown'));
    const changes = page.locator('.changes');
    await expect
      .poll(() => changes.innerText())
      .toMatch(
        /1 tensor added: ema\.decay\. 1 tensor changed: model\.fc\.bias \[1000\] → \[1001\]\. 4 batch norms moved/,
      );
    await page.close();
  });

  test('keeps the last view of a file that is being written, and says so', async () => {
    const page = await open();
    await row(page, /conv1/).waitFor();
    await page.evaluate(() => window.files.write('cut'));
    const banner = page.locator('.banner');
    await expect.poll(() => banner.innerText()).toContain('The file is being written.');
    expect(await row(page, /conv1/).count()).toBe(1);
    // Nobody goes on writing: it is broken, and the last view is still there.
    await expect.poll(() => banner.innerText()).toContain('cut short or damaged');
    expect(await row(page, /conv1/).count()).toBe(1);
    await page.evaluate(() => window.files.write('seed'));
    await banner.waitFor({ state: 'detached' });
    await page.close();
  });

  test('says what is wrong with a file that was never read', async () => {
    const page = await open({ scenario: 'cut' });
    expect(await page.getByRole('alert').innerText()).toContain('cut short or damaged');
    await page.getByRole('button', { name: 'Open as text' }).click();
    await expect.poll(() => requests(page)).toEqual([{ kind: 'openAsText' }]);
    await page.close();
  });

  test('marks what cannot be read, and says why', async () => {
    const page = await open({ scenario: 'partial' });
    await row(page, /attn_q/).click();
    expect(await row(page, /cannot be read/).count()).toBe(1);
    await page.getByText('Cannot be read: Q4_K is a quantised type').waitFor();
    expect(await page.getByRole('button', { name: 'Inspect tensor' }).count()).toBe(0);
    await page.close();
  });

  test('renders tens of thousands of tensors as a window', async () => {
    const page = await open({ scenario: 'many' });
    await filter(page).fill('weight');
    await expect
      .poll(() => page.locator('.count').innerText())
      .toBe('30,000 tensors, 0 batch norms shown');
    expect(await page.locator('.tree-row').count()).toBeLessThan(80);
    await page.locator('.tree-row').first().click();
    await press(page, 'End');
    await expect.poll(() => active(page)).toMatch(/weight/);
    expect(await page.locator('.tree-row').count()).toBeLessThan(80);
    await page.close();
  });

  test('is as it was after a reload', async () => {
    const page = await open();
    await filter(page).fill('bn2');
    await row(page, /bn2/).click();
    await page.waitForTimeout(300);
    await page.reload();
    await row(page, /bn2/).waitFor();
    expect(await filter(page).inputValue()).toBe('bn2');
    expect(await page.locator('.tree-row.active .label').innerText()).toBe('bn2');
    await page.close();
  });
});
