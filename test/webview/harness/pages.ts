import { chromium, type Browser, type Page } from 'playwright-core';
import { browserFlags, browserMissing, findBrowser } from '../../hosts/browser.mjs';
import { buildPage } from './build';
import { servePage, type PageServer, type Theme } from './server';

export interface PageOptions {
  readonly page?: 'panel' | 'tensorFile' | 'compare' | 'recording' | 'series';
  readonly scenario?: string;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Milliseconds that a message takes each way. */
  readonly delay?: number;
  /** The host stays in its loading state. */
  readonly hold?: boolean;
}

/** Opens the panel in a real browser; knows everything that went wrong in its pages. */
export interface Pages {
  open(options?: PageOptions): Promise<Page>;
  /** Errors, console errors and violations of the content security policy since the last call. */
  takeErrors(): readonly string[];
  close(): Promise<void>;
}

export { browserMissing, findBrowser };

export async function openPages(executablePath: string): Promise<Pages> {
  await buildPage();
  const server = await servePage();
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  let errors: string[] = [];
  return {
    open: async options => openPage(browser, server, options ?? {}, error => errors.push(error)),
    takeErrors: () => {
      const taken = errors;
      errors = [];
      return taken;
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

async function openPage(
  browser: Browser,
  server: PageServer,
  {
    page: kind = 'panel',
    scenario = 'seed',
    theme = 'dark',
    width = 1100,
    height = 900,
    delay = 0,
    hold,
  }: PageOptions,
  report: (error: string) => void,
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', error => report(error.message));
  page.on('console', message => {
    if (message.type() === 'error') report(message.text());
  });
  const query = {
    page: kind,
    scenario,
    theme,
    delay: String(delay),
    ...(hold ? { hold: 'yes' } : {}),
  };
  await page.goto(server.address(query));
  return page;
}
