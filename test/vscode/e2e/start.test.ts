import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../hosts/browser.mjs';
import { startChild, stopChild } from '../../hosts/children.mjs';
import { root } from '../../hosts/places.mjs';
import { PanelPage } from './panelPage';

describe('npm start without a display', () => {
  let child: ChildProcess;
  let browser: Browser;
  let address: URL;

  beforeAll(async () => {
    child = startChild(process.execPath, ['test/hosts/start.mjs', '--server', '--no-build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      grace: 1_000,
    });
    address = new URL(await printedAddress(child));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stopChild(child);
  });

  it('prints an address on this machine with a long token', () => {
    expect(address.hostname).toBe('127.0.0.1');
    expect(address.searchParams.get('tkn')).toMatch(/^[0-9a-f]{48}$/);
  });

  it('lets nobody in without the token', async () => {
    const { status } = await fetch(address.origin);
    expect(status).toBe(403);
  });

  it('shows the panel on the sample, in a folder that is not trusted yet', async () => {
    const page = await browser.newPage();
    await page.goto(address.href);
    page.setDefaultTimeout(50_000);
    await page
      .getByRole('button', { name: /Restricted Mode/ })
      .first()
      .waitFor();
    const outer = page.locator('iframe.webview.ready').contentFrame();
    const panel = new PanelPage(outer.frameLocator('iframe#active-frame'));
    await panel.shown();
    expect(await panel.isOn('training')).toBe(true);
  });

  it('ends on Ctrl+C, and the server with it', async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await expect(fetch(address.origin)).rejects.toThrow();
  });
});

async function printedAddress(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', code => reject(new Error(`ended with status ${code}: ${text}`)));
  });
}
