import type { FrameLocator, Locator } from 'playwright-core';
import { asPrinted } from './seed';

type Flag = 'training' | 'trainable';
export type FlagsName = `training ${'on' | 'off'}, trainable ${'on' | 'off'}`;

/** The panel as a person meets it: everything is found by role and name. */
export class PanelPage {
  constructor(readonly frame: FrameLocator) {}

  /** Waits until an inspection is shown. */
  async shown(): Promise<void> {
    await this.grid().waitFor();
    await this.switch('training').waitFor();
  }

  switch(flag: Flag): Locator {
    return this.frame.getByRole('switch', { name: flag, exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  async isOn(flag: Flag): Promise<boolean> {
    return (await this.switch(flag).getAttribute('aria-checked')) === 'true';
  }

  /** Clicks the switch where it is not as wanted. */
  async set(flag: Flag, on: boolean): Promise<void> {
    if ((await this.isOn(flag)) !== on) await this.switch(flag).click();
  }

  /** The sentence that says what happens and why. */
  async verdict(): Promise<string> {
    const section = this.frame.getByRole('region', { name: 'What happens' });
    return section.locator('[aria-live]').first().innerText();
  }

  grid(): Locator {
    return this.frame.getByRole('grid', { name: /^Channels/ });
  }

  /** The cell of a column in the row of a channel. */
  async cell(channel: number, column: string): Promise<Locator> {
    const head = this.grid().getByRole('columnheader', { name: new RegExp(`^${column}`) });
    const at = await head.getAttribute('aria-colindex');
    const rowHead = this.frame.locator('[role=rowheader]').filter({ hasText: exactly(channel) });
    const row = this.grid().getByRole('row').filter({ has: rowHead });
    return row.locator(`[aria-colindex="${at}"]`);
  }

  /** The numbers of a cell, in the order they stand: one, or old and new. */
  async numbers(channel: number, column: string): Promise<number[]> {
    const cell = await this.cell(channel, column);
    return numbersIn(await cell.innerText());
  }

  /** A column's newest value for each of the first channels. */
  async column(name: string, channels = 4): Promise<number[]> {
    const rows = Array.from({ length: channels }, (_, channel) => this.numbers(channel, name));
    return (await Promise.all(rows)).map(numbers => numbers.at(-1) ?? NaN);
  }

  /** The moving means after the step, to the digits that the seed question prints. */
  async movingMeans(): Promise<number[]> {
    return asPrinted(await this.column('moving mean'));
  }

  async selectChannel(channel: number): Promise<void> {
    await (await this.cell(channel, 'channel')).click();
  }

  /** The output that the flag matrix shows for a combination, for the selected channel and element. */
  async matrixOutput(flags: FlagsName): Promise<number> {
    const section = this.frame.getByRole('region', { name: 'Flags compared' });
    const button = this.frame.getByRole('button', { name: flags });
    const cells = section.getByRole('row').filter({ has: button }).getByRole('cell');
    // Normalised with, output, moving mean after, moving variance after.
    return numbersIn(await cells.nth(1).innerText()).at(-1) ?? NaN;
  }
}

/** A row head's text is its channel, beside icons that have no text. */
function exactly(channel: number): RegExp {
  return new RegExp(`^\\s*${channel}\\s*$`);
}

/** Numbers as the panel writes them: `−` for minus, `NaN` and `∞` as glyphs. */
export function numbersIn(text: string): number[] {
  const found = text.match(/NaN|[+−-]?∞|[−-]?\d[\d,]*(?:\.\d+)?(?:e[+−-]?\d+)?/g) ?? [];
  return found.map(number =>
    Number(number.replaceAll('−', '-').replaceAll(',', '').replace('∞', 'Infinity')),
  );
}
