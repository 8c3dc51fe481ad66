import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../hosts/browser.mjs';
import { out, root, temporaryFolder } from '../../hosts/places.mjs';
import { startServer, type Server, type ServerOptions } from '../../hosts/server.mjs';
import { copySamples } from '../../hosts/workspace.mjs';

export interface WorkbenchOptions {
  /** `development` loads the built checkout; `none` brings what `server` has installed. */
  readonly extension?: 'development' | 'none';
  readonly server?: ServerOptions;
  /** Installs extensions before the server starts. */
  readonly install?: (dataFolder: string) => Promise<void> | void;
  readonly width?: number;
  readonly height?: number;
}

/** A theme of this VS Code, by the name that the theme picker shows. */
export type ThemeName =
  'Light Modern' | 'Dark Modern' | 'Light High Contrast' | 'Dark High Contrast';

/** Long enough for a cold start on a loaded two-core machine. */
const patience = 50_000;

/** Those that a test has open now, for pictures when it fails. */
export const openWorkbenches = new Set<Workbench>();

/** A VS Code window that a test drives as a person does: by keyboard, by role and by name. */
export class Workbench {
  private constructor(
    readonly page: Page,
    readonly server: Server,
    /** The open folder: a copy of the samples that the test may change. */
    readonly folder: string,
    private readonly browser: Browser,
    private readonly address: string,
  ) {}

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const development = (options.extension ?? 'development') === 'development';
    const dataFolder = temporaryFolder('server');
    await options.install?.(dataFolder);
    const server = await startServer({ development, dataFolder, ...options.server });
    const browser = await launchBrowser();
    const viewport = { width: options.width ?? 1400, height: options.height ?? 1000 };
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(patience);
    const folder = copySamples('e2e');
    const remote = `vscode-remote://${server.authority}${root}`;
    const payload = JSON.stringify([['extensionDevelopmentPath', remote]]);
    const address = server.address({ folder, ...(development ? { payload } : {}) });
    const workbench = new Workbench(page, server, folder, browser, address);
    openWorkbenches.add(workbench);
    await workbench.load();
    return workbench;
  }

  private async load(): Promise<void> {
    await this.page.goto(this.address);
    await this.statusBar().waitFor();
  }

  /** Reloads the window with VS Code's own command, which saves the state of its editors first. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.statusBar().waitFor();
  }

  private statusBar(): Locator {
    return this.page.locator('.monaco-workbench .statusbar');
  }

  async close(): Promise<void> {
    openWorkbenches.delete(this);
    await this.browser.close();
    await this.server.stop();
  }

  /** Runs a command as it stands in the palette (`Normscope: Toggle Training`), by keyboard alone. */
  async runCommand(title: string): Promise<void> {
    await this.prepareCommand(title);
    await this.page.keyboard.press('Enter');
  }

  /** Finds a command in the palette: Enter runs it. */
  async prepareCommand(title: string): Promise<void> {
    const row = this.quickPickRow(title);
    const deadline = Date.now() + patience;
    for (;;) {
      await this.openQuickInput('F1', `>${title}`);
      // A command is not there before its extension is known, and not enabled before its context is set.
      if (await appears(row, 1_500)) break;
      await this.page.keyboard.press('Escape');
      if (Date.now() > deadline) throw new Error(`The palette does not offer “${title}”.`);
    }
    await this.focusRow(row);
  }

  /** @returns whether the palette offers the command now */
  async offersCommand(title: string): Promise<boolean> {
    await this.openQuickInput('F1', `>${title}`);
    const offered = await appears(this.quickPickRow(title), 1_000);
    await this.page.keyboard.press('Escape');
    return offered;
  }

  /** Chooses an entry of the quick pick that is open, by typing. */
  async pick(label: string): Promise<void> {
    await this.quickInput().waitFor();
    await this.quickInput().fill(label);
    await this.focusRow(this.quickPickRow(label));
    await this.page.keyboard.press('Enter');
  }

  /** Answers the input box that is open. */
  async answer(text: string): Promise<void> {
    await this.quickInput().waitFor();
    await this.quickInput().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Answers VS Code's own dialog for files, by its title. It writes a proposal into the field when it has read the
   * folder, and takes no Enter while it reads what was typed.
   */
  async answerFile(title: string | RegExp, path: string): Promise<void> {
    const dialog = this.page.locator('.quick-input-title', { hasText: title });
    await dialog.waitFor();
    const field = this.quickInput();
    const deadline = Date.now() + patience;
    do {
      await field.fill(path, { timeout: 2_000 }).catch(() => undefined);
      await this.page.waitForTimeout(400);
      const isTyped = (await field.inputValue().catch(() => '')) === path;
      if (isTyped) await this.page.keyboard.press('Enter');
      const closed = dialog.waitFor({ state: 'hidden', timeout: 1_500 });
      if (isTyped && (await holds(closed))) return;
      await closed.catch(() => undefined);
    } while (Date.now() < deadline);
    throw new Error(`The dialog “${title}” takes no ${path}.`);
  }

  /** Opens a file of the folder by name. */
  async openFile(name: string): Promise<void> {
    const row = this.quickPickRow(name);
    const tab = this.page.getByRole('tab', { name: new RegExp(escapeRegExp(name)) }).first();
    const deadline = Date.now() + patience;
    for (;;) {
      await this.openQuickInput('ControlOrMeta+KeyP', name);
      // A picker lists the files of the moment it was opened: one that was written since is in the next.
      if (await appears(row, 3_000)) {
        await this.focusRow(row);
        await this.page.keyboard.press('Enter');
        if (await appears(tab, 10_000)) return;
      }
      await this.page.keyboard.press('Escape');
      if (Date.now() > deadline) throw new Error(`The picker does not open “${name}”.`);
    }
  }

  /** Gives an open editor the focus. */
  async focusEditor(name: string): Promise<void> {
    await this.page
      .getByRole('tab', { name: new RegExp(escapeRegExp(name)) })
      .first()
      .click();
    await this.runCommand('View: Focus Active Editor Group');
  }

  /** Puts the cursor of the focused editor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.openQuickInput('Control+KeyG', `:${line}:${column}`);
    await this.accept();
  }

  /** The page inside a webview of ours: the first, or the one at `index` in the order of the editors. */
  panel(index = 0): FrameLocator {
    // A notebook shows its output in a webview too.
    const ours = 'iframe.webview.ready[src*="extensionId=normscope.normscope"]';
    const outer = this.page.locator(ours).nth(index);
    return outer.contentFrame().frameLocator('iframe#active-frame');
  }

  /** The page inside the webview that shows something of that kind. */
  async pageWith(selector: string): Promise<FrameLocator> {
    const deadline = Date.now() + patience;
    for (;;) {
      const count = await this.page.locator('iframe.webview.ready').count();
      for (let index = 0; index < count; index++) {
        const page = this.panel(index);
        if (
          (await page
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return page;
      }
      if (Date.now() > deadline) throw new Error(`No page shows ${selector}.`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Shows the file of the active editor in another editor. */
  async reopenWith(editor: string): Promise<void> {
    await this.runCommand('View: Reopen Editor With...');
    await this.pick(editor);
  }

  /** Switches the theme with VS Code's own picker. */
  async chooseTheme(name: ThemeName): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.pick(name);
    await this.quickInput().waitFor({ state: 'hidden' });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** Writes a picture of the whole window below out/. */
  async screenshot(name: string, folder = 'screenshots'): Promise<string> {
    const file = join(out, folder, `${name}.png`);
    mkdirSync(join(out, folder), { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Presses a key that opens the quick input, and types. A window that is still settling may close it again. */
  private async openQuickInput(key: string, text: string): Promise<void> {
    const deadline = Date.now() + patience;
    do {
      await this.page.keyboard.press(key);
      if (!(await appears(this.quickInput(), 2_000))) continue;
      if (!(await holds(this.quickInput().fill(text, { timeout: 2_000 })))) continue;
      if (await this.quickInput().isVisible()) return;
    } while (Date.now() < deadline);
    throw new Error(`${key} does not open the quick input.`);
  }

  /** Presses Enter until the quick input closes: it does nothing before what was typed has made an entry. */
  private async accept(): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row.focused');
    const deadline = Date.now() + patience;
    do {
      await appears(entry, 1_000);
      await this.page.keyboard.press('Enter');
      const closed = this.quickInput().waitFor({ state: 'hidden', timeout: 1_000 });
      if (await holds(closed)) return;
    } while (Date.now() < deadline);
    throw new Error('Enter does not close the quick input.');
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  /** The entry of that very label: the best match of what was typed may be another. */
  private quickPickRow(label: string): Locator {
    const exactly = new RegExp(`^\\s*${escapeRegExp(label)}\\s*$`);
    const name = this.page.locator('.label-name', { hasText: exactly });
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
  }

  /** Moves the list's focus to an entry, with the arrow key. */
  private async focusRow(row: Locator): Promise<void> {
    await row.waitFor();
    for (let step = 0; step < 20; step++) {
      const classes = (await row.getAttribute('class')) ?? '';
      if (classes.split(' ').includes('focused')) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error('The arrow key does not reach the entry.');
  }
}

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return holds(locator.waitFor({ timeout }));
}

/** @returns whether what was waited for came */
function holds(waited: Promise<void>): Promise<boolean> {
  return waited.then(
    () => true,
    () => false,
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
