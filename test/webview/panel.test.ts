import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { inBrowser } from './harness/inBrowser';

/** The panel by role and name, in a real browser, under a webview's policy, with the core's numbers. */
inBrowser('the panel', pages => {
  const flag = (page: Page, name: string): Locator =>
    page.getByRole('switch', { name, exact: true });
  const verdict = (page: Page): Promise<string> =>
    page.getByRole('region', { name: 'What happens' }).locator('[aria-live=polite]').innerText();
  const matrixRow = (page: Page, name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });
  const posted = (page: Page): Promise<string> =>
    page.evaluate(() => JSON.stringify(window.harness.posted));

  test('the two switches change the sentence, the badges and the matrix', async () => {
    const page = await pages.open();
    await expect.poll(() => verdict(page)).toContain("The batch's own mean and variance");
    await flag(page, 'training').click();
    await expect.poll(() => verdict(page)).toContain('The moving mean and variance normalise');
    expect(await flag(page, 'training').getAttribute('aria-checked')).toBe('false');
    const badges = await page.getByRole('list', { name: 'In short' }).innerText();
    expect(badges).toContain('normalises: moving');
    expect(badges).toContain('moving statistics: stay');
    const current = matrixRow(page, 'training off, trainable on');
    expect(await current.getAttribute('aria-current')).toBe('true');
    expect(await page.getByRole('row', { name: /training/ }).count()).toBe(5);
    await page.close();
  });

  test('a switch is on screen before the host has answered', async () => {
    const page = await pages.open({ delay: 500 });
    await flag(page, 'trainable').waitFor();
    await flag(page, 'trainable').click();
    expect(await flag(page, 'trainable').getAttribute('aria-checked')).toBe('false');
    const current = matrixRow(page, 'training on, trainable off');
    expect(await current.getAttribute('aria-current')).toBe('true');
    // Switched back at once: the answer to the first click does not undo the second.
    await flag(page, 'trainable').click();
    await page.waitForTimeout(1_200);
    expect(await flag(page, 'trainable').getAttribute('aria-checked')).toBe('true');
    await page.close();
  });

  test('the matrix sets flags by click and by key, and shows the seed’s numbers', async () => {
    const page = await pages.open();
    const off = matrixRow(page, 'training off, trainable off');
    expect(await off.getByRole('cell').nth(1).innerText()).toBe('8.996003');
    const on = matrixRow(page, 'training on, trainable on');
    expect(await on.getByRole('cell').nth(1).innerText()).toBe('1.5799985');
    expect(await on.getByRole('cell').nth(2).innerText()).toContain('0.03249997');
    expect(await on.getByRole('cell').nth(3).innerText()).toContain('1.0791667');
    await off.getByRole('cell').first().click();
    await expect.poll(() => flag(page, 'training').getAttribute('aria-checked')).toBe('false');
    await page.getByRole('button', { name: 'training on, trainable off' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => flag(page, 'training').getAttribute('aria-checked')).toBe('true');
    expect(await flag(page, 'trainable').getAttribute('aria-checked')).toBe('false');
    await page.close();
  });

  test('all conventions widen the matrix inside its own box, and a head takes the convention', async () => {
    const page = await pages.open({ width: 700 });
    await page.getByRole('checkbox', { name: 'All conventions' }).click();
    const table = page.getByRole('table', { name: 'Flags compared' });
    await expect.poll(() => table.getByRole('columnheader').count()).toBeGreaterThan(5);
    expect(await sideways(page)).toBe(0);
    const keras = table.getByRole('button', { name: /Keras 3/ });
    await keras.click();
    await expect.poll(() => keras.getAttribute('aria-pressed')).toBe('true');
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Convention' }).ariaSnapshot())
      .toContain('Keras 3');
    await page.close();
  });

  test('rules that were read and never run are marked so, with what they are held to', async () => {
    const page = await pages.open({ width: 700 });
    const mark = page.getByText('not verified by running');
    await mark.waitFor();
    expect(await mark.getAttribute('title')).toContain('Never executed');
    await page.getByRole('checkbox', { name: 'All conventions' }).click();
    const table = page.getByRole('table', { name: 'Flags compared' });
    const heads = table.getByRole('columnheader').filter({ hasText: 'read, not run' });
    const read = conventions.filter(({ verifiedByRunning }) => !verifiedByRunning);
    await expect.poll(() => heads.count()).toBe(read.length);
    await table.getByRole('button', { name: /Keras 3/ }).click();
    await expect.poll(() => mark.count()).toBe(0);
    await page.close();
  });

  test('the convention picker changes the rules and keeps the meaning of momentum', async () => {
    const page = await pages.open();
    const picker = page.getByRole('combobox', { name: 'Convention' });
    await picker.click();
    await page.getByRole('option', { name: 'PyTorch' }).click();
    const momentum = page.getByRole('textbox', { name: 'momentum' });
    await expect.poll(() => momentum.inputValue()).toBe('0.01');
    await expect.poll(() => page.getByText('requires_grad of weight and bias').count()).toBe(1);
    const refused = page.getByRole('alert');
    await momentum.fill('often');
    await momentum.press('Enter');
    expect(await refused.innerText()).toContain('or "none" for the cumulative average');
    await momentum.press('Escape');
    await page.getByRole('button', { name: 'Undo the change to PyTorch' }).click();
    await expect.poll(() => momentum.inputValue()).toBe('0.99');
    // TensorFlow has no cumulative average to offer.
    await momentum.fill('often');
    await momentum.press('Enter');
    expect(await refused.innerText()).toContain('momentum is one from 0 to 1.');
    await expect.poll(() => picker.ariaSnapshot()).toContain('TensorFlow 1');
    await page.close();
  });

  test('epsilon is edited and marked; what cannot be is refused beside it', async () => {
    const page = await pages.open();
    const epsilon = page.getByRole('textbox', { name: 'epsilon' });
    await epsilon.fill('0.1');
    await epsilon.press('Enter');
    await page.getByRole('button', { name: 'Undo the change of epsilon' }).waitFor();
    await epsilon.fill('tiny');
    await epsilon.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('"tiny" is not a number');
    await epsilon.fill('-1');
    await epsilon.press('Enter');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('at least 0');
    await epsilon.press('Escape');
    await expect.poll(() => epsilon.inputValue()).toBe('0.1');
    await page.close();
  });

  test('steps commit, run, are undone and reset', async () => {
    const page = await pages.open();
    const taken = page.getByRole('group', { name: 'Steps' }).getByRole('status');
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => taken.innerText()).toContain('1 step taken');
    await page.getByRole('textbox', { name: 'steps to run' }).fill('25');
    await page.getByRole('button', { name: 'Run 25 steps' }).click();
    await expect.poll(() => taken.innerText()).toContain('26 steps taken');
    await page.getByRole('button', { name: 'Undo steps 2 to 26' }).click();
    await expect.poll(() => taken.innerText()).toContain('1 step taken');
    await page.getByRole('button', { name: 'Redo steps 2 to 26' }).click();
    await expect.poll(() => taken.innerText()).toContain('26 steps taken');
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => taken.innerText()).toContain('0 steps taken');
    await page.close();
  });

  test('another element changes the worked formula', async () => {
    const page = await pages.open();
    const result = page.getByRole('figure').locator('.result').first();
    await expect.poll(() => result.innerText()).toBe('1.5799985');
    await page.getByRole('spinbutton', { name: /^W index/ }).fill('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => result.innerText()).not.toBe('1.5799985');
    await page.getByRole('spinbutton', { name: /^W index/ }).fill('9');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('goes from 0 to 1');
    await page.close();
  });

  test.each([520, 400])('at %i pixels the page does not scroll sideways', async width => {
    for (const scenario of ['seed', 'many', 'special', 'failed', 'empty']) {
      const page = await pages.open({ scenario, width });
      await page.waitForTimeout(300);
      expect(await sideways(page), scenario).toBe(0);
      await page.close();
    }
  });

  test('at half an editor’s width the channel stays beside the number one scrolls to', async () => {
    const page = await pages.open({ width: 520 });
    const grid = page.getByRole('grid', { name: 'Channels' });
    await grid.getByRole('rowheader', { name: '0' }).click();
    await page.keyboard.press('End');
    const places = await grid.evaluate(element => {
      const left = element.getBoundingClientRect().left;
      const rowHead = element.querySelector('[role=rowheader]');
      return [element.scrollLeft, (rowHead?.getBoundingClientRect().left ?? 0) - left];
    });
    expect(places[0]).toBeGreaterThan(200);
    expect(places[1]).toBeLessThan(3);
    await page.close();
  });

  test('few tab stops, each with a name and a visible focus', async () => {
    const page = await pages.open();
    await flag(page, 'training').waitFor();
    const stops: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        if (!active || active === document.body) return null;
        const label = active.getAttribute('aria-labelledby');
        const named = label === null ? null : document.getElementById(label)?.textContent;
        const host = (active.getRootNode() as ShadowRoot).host as HTMLElement | undefined;
        const name = active.getAttribute('aria-label') ?? named ?? active.textContent;
        return name.trim() === '' ? (host?.textContent ?? '').trim() : name.trim();
      });
      if (stop === null) break;
      stops.push(stop);
    }
    expect(stops).not.toContain('');
    expect(stops).toContain('epsilon');
    // Of these the pictures, at the end of the page, have twenty: pickers, sliders and maps.
    expect(stops.length).toBeLessThanOrEqual(50);
    expect(stops.indexOf('Slice')).toBeLessThanOrEqual(28);
    await page.close();
  });

  test('NaN and infinities are shown by glyph, and never as 0', async () => {
    const page = await pages.open({ scenario: 'special' });
    const grid = page.getByRole('grid', { name: 'Channels' });
    await grid.getByRole('rowheader', { name: '2' }).click();
    const on = matrixRow(page, 'training on, trainable on');
    await expect.poll(() => on.getByRole('cell').nth(1).innerText()).toBe('NaN');
    expect(await grid.getByText('4 × NaN').count()).toBeGreaterThan(0);
    expect(await page.getByRole('region', { name: 'Findings' }).innerText()).toContain('error');
    await page.getByRole('button', { name: /errors/ }).click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Findings');
    await page.close();
  });

  test('a fix is applied here, by mouse: the output before and after, and Undo takes it back', async () => {
    const page = await pages.open({ scenario: 'drift' });
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.getByRole('button', { name: /^Fix drift here: moving mean/ }).click();
    const table = findings.getByRole('table', { name: 'Before and after the fix' });
    const row = table.getByRole('row').nth(1);
    await expect.poll(() => row.innerText()).toMatch(/^3\s+7\.6991 →\s+becomes\s+0\.5\s/);
    expect(await findings.innerText()).toContain(
      'drift is gone after setting moving mean and moving variance of channel 3',
    );
    expect(await findings.innerText()).toContain('No file has changed');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Findings');
    await findings.getByRole('button', { name: 'Compare outputs' }).click();
    await expect.poll(() => page.evaluate(() => window.harness.requests)).toEqual(['compareFix']);
    await findings.getByRole('button', { name: /^Undo moving mean/ }).click();
    await expect.poll(() => table.count()).toBe(0);
    await findings.getByRole('button', { name: /^Fix drift here/ }).waitFor();
    await page.close();
  });

  test('a fix of flags is applied by keyboard, and undone as any edit', async () => {
    const page = await pages.open({ scenario: 'flags' });
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.getByRole('button', { name: /^Fix flags-meaning here/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => flag(page, 'training').getAttribute('aria-checked')).toBe('false');
    await expect.poll(() => findings.innerText()).toContain('flags-meaning is gone');
    await page
      .getByRole('group', { name: 'Steps' })
      .getByRole('button', { name: /^Undo training off/ })
      .click();
    await expect.poll(() => flag(page, 'training').getAttribute('aria-checked')).toBe('true');
    await page.close();
  });

  test('where a fix is not of the inspection there is no button, and it says what to do', async () => {
    const page = await pages.open({ scenario: 'special' });
    const finding = page.getByRole('listitem').filter({ hasText: 'upstream' });
    await finding.first().waitFor();
    expect(await finding.first().getByRole('button', { name: /^Fix/ }).count()).toBe(0);
    expect(await finding.first().innerText()).toContain(
      'Find where the value first appears upstream',
    );
    await page.close();
  });

  test('a source that breaks leaves the last good result under a banner', async () => {
    const page = await pages.open();
    await flag(page, 'training').waitFor();
    const good = await page.evaluate(() =>
      fetch('/theme/dark.css').then(
        () => '',
        () => 'refused',
      ),
    );
    // The policy allows no request at all.
    expect(good).toBe('refused');
    pages.takeErrors();
    await page.evaluate(() => window.harness.setText('{ "input": [[1, 2], [3]] }'));
    const banner = page.getByRole('alert');
    await expect.poll(() => banner.innerText()).toContain('give it 2 values');
    expect(await banner.innerText()).toMatch(/line 1, column \d+/);
    expect(await verdict(page)).toContain("The batch's own");
    await banner.getByRole('button', { name: /line 1/ }).click();
    await expect.poll(() => page.evaluate(() => window.harness.requests)).toEqual(['reveal']);
    await page.evaluate(() => window.harness.setText('{ "input": [[1, 2], [3, 9]] }'));
    await expect.poll(() => banner.count()).toBe(0);
    await page.close();
  });

  test('the empty, loading and failed panels say what can be done', async () => {
    const empty = await pages.open({ scenario: 'empty' });
    await empty.getByRole('button', { name: 'Open the sample' }).click();
    await empty.getByRole('button', { name: 'Inspect a tensor file…' }).click();
    await expect
      .poll(() => empty.evaluate(() => window.harness.requests))
      .toEqual(['openSample', 'inspectFile']);
    await empty.close();

    const loading = await pages.open({ hold: true });
    await expect
      .poll(() => loading.getByRole('status').innerText())
      .toContain('Reading seed.bn.json');
    expect(await loading.locator('vscode-progress-ring').isVisible()).toBe(true);
    await loading.getByRole('button', { name: 'Cancel' }).click();
    await expect
      .poll(() => loading.evaluate(() => JSON.stringify(window.harness.posted)))
      .toContain('cancelReading');
    await loading.close();

    const failed = await pages.open({ scenario: 'failed' });
    const alert = failed.getByRole('alert');
    await expect.poll(() => alert.innerText()).toContain('Cannot inspect seed.bn.json');
    expect(await alert.innerText()).toContain('give it 2 values too');
    await failed.getByRole('button', { name: 'Show the log' }).click();
    await expect.poll(() => failed.evaluate(() => window.harness.requests)).toEqual(['showLog']);
    await failed.getByRole('button', { name: 'Read again' }).click();
    await expect
      .poll(() => failed.evaluate(() => JSON.stringify(window.harness.posted)))
      .toContain('readAgain');
    await failed.close();
  });

  test('the source is a link, and the commands are buttons', async () => {
    const page = await pages.open();
    await page.getByRole('button', { name: 'samples/seed.bn.json' }).click();
    await page.getByRole('button', { name: 'Copy results' }).click();
    await page.getByRole('button', { name: 'Save inspection as…' }).click();
    await expect
      .poll(() => page.evaluate(() => window.harness.requests))
      .toEqual(['reveal', 'copyResults', 'saveInspection']);
    expect(await posted(page)).toContain('revealSource');
    await page.close();
  });
});

/** By how many pixels the page could be scrolled sideways. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
