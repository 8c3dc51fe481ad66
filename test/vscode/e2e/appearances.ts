import type { FrameLocator } from 'playwright-core';
import type { ThemeName } from './workbench';

/** Each page is looked at in these. */
export const themes: readonly ThemeName[] = [
  'Light Modern',
  'Dark Modern',
  'Light High Contrast',
  'Dark High Contrast',
];

/** Pixels by which a page is wider than its window: parts may scroll sideways, the page may not. */
export function sidewaysScroll(page: FrameLocator): Promise<number> {
  return page.locator('html').evaluate(html => Math.max(0, html.scrollWidth - html.clientWidth));
}
