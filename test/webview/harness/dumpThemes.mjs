// Writes themes.json: the `--vscode-*` colours of VS Code's four built-in themes, read from a real window, so that the
// panel's tests and screenshots show what users see. Run it again when VS Code's themes change:
//   node test/webview/harness/dumpThemes.mjs
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../../hosts/browser.mjs';
import { startServer } from '../../hosts/server.mjs';

/** Each theme's name in the settings, and the class that the workbench has once it is applied. */
const themes = {
  light: ['Light Modern', 'light_modern-json'],
  dark: ['Dark Modern', 'dark_modern-json'],
  'high-contrast': ['Default High Contrast', 'hc_black-json'],
  'high-contrast-light': ['Default High Contrast Light', 'hc_light-json'],
};

/** Of the many colours, those that the panel and the toolkit's controls use. */
const used =
  /^--vscode-(foreground|descriptionForeground|errorForeground|disabledForeground|focusBorder|contrast|editor-(background|foreground)|editorWidget|charts|problems|button|checkbox|dropdown|input|list-(hover|activeSelection|inactiveSelection|focus)|textLink|progressBar|gitDecoration-modified|widget|panel-border|badge|scrollbarSlider|settings-)/;

const browser = await chromium.launch({ executablePath: findBrowser(), args: browserFlags });
const dumped = {};
for (const [kind, [theme, applied]] of Object.entries(themes)) {
  const server = await startServer({ settings: { 'workbench.colorTheme': theme } });
  const page = await browser.newPage();
  await page.goto(server.address());
  await page.waitForSelector(`.monaco-workbench[class*='${applied}']`);
  await page.waitForTimeout(500);
  const colours = await page.evaluate(() => {
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
    const found = {};
    for (const rule of rules) {
      if (!(rule instanceof CSSStyleRule)) continue;
      for (const name of rule.style) {
        if (name.startsWith('--vscode-')) found[name] = rule.style.getPropertyValue(name).trim();
      }
    }
    return found;
  });
  dumped[kind] = Object.fromEntries(
    Object.entries(colours)
      .filter(([name]) => used.test(name))
      .sort(([a], [b]) => a.localeCompare(b)),
  );
  console.log(
    kind,
    theme,
    Object.keys(dumped[kind]).length,
    dumped[kind]['--vscode-editor-background'],
  );
  await page.close();
  await server.stop();
}
await browser.close();
const file = new URL('themes.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(dumped, null, 2)}\n`);
