import type { FrameLocator, Locator } from 'playwright-core';

/** The page of a tensor file as a person meets it. */
export class FilePage {
  constructor(readonly frame: FrameLocator) {}

  heading(): Locator {
    return this.frame.getByRole('heading', { level: 1 });
  }

  facts(): Promise<string> {
    return this.frame.locator('.file-facts').innerText();
  }

  rows(): Locator {
    return this.frame.getByRole('row');
  }

  /** The layer or the tensor of that name, found by filtering. */
  async find(kind: 'layer' | 'tensor', name: string): Promise<Locator> {
    const filter = this.frame.getByRole('textbox', { name: 'Filter tensors and layers' });
    await filter.fill(name);
    const row = this.frame.locator(`.tree-row.${kind}`).first();
    await row.waitFor();
    return row;
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }
}
