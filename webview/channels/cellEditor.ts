import type { PanelActions } from '../actions';
import type { Store } from '../store';
import { numberText } from '../ui/number';
import { parseNumber } from '../ui/parseNumber';
import type { GridColumn, GridRow } from './columns';

/** Editing one number of the grid in place. */
export class CellEditor {
  private opened = false;

  constructor(
    private readonly store: Store,
    private readonly actions: PanelActions,
  ) {}

  /** @returns false where the column is not for editing */
  open(row: number, column: GridColumn, cells: GridRow, typed: string | undefined): boolean {
    if (!column.edits || !column.value) return false;
    const text = typed ?? numberText(column.value(cells));
    const { parameter } = column.edits;
    this.store.update({
      editing: {
        row,
        channel: cells.channel,
        parameter,
        text,
        fresh: typed === undefined,
        problem: '',
      },
      refusal: null,
    });
    this.opened = true;
    return true;
  }

  close(): void {
    if (this.store.model.editing) this.store.update({ editing: null });
  }

  /** Focuses the editor that has just appeared. */
  afterRender(box: HTMLElement): void {
    const { editing } = this.store.model;
    if (!this.opened || !editing) return;
    this.opened = false;
    const input = box.querySelector<HTMLInputElement>('.cell-editor');
    input?.focus();
    // An existing value is replaced by what is typed; a key typed over the cell goes on.
    if (editing.fresh) input?.select();
    else input?.setSelectionRange(editing.text.length, editing.text.length);
    input?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** @returns whether the editor closed, so that the grid takes the focus back */
  onKey(event: KeyboardEvent): boolean {
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.close();
      return true;
    }
    if (event.key !== 'Enter' && event.key !== 'Tab') return false;
    event.preventDefault();
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return false;
    return this.commit(target.value, event.ctrlKey || event.metaKey);
  }

  /** Leaving the editor keeps what was typed, where it is a number. */
  onBlur(event: Event): void {
    const { editing } = this.store.model;
    const { target } = event;
    if (!editing || !(target instanceof HTMLInputElement) || !target.isConnected) return;
    if (target.value === editing.text || parseNumber(target.value) === undefined) this.close();
    else this.commit(target.value, false);
  }

  private commit(text: string, allChannels: boolean): boolean {
    const { editing } = this.store.model;
    if (!editing) return false;
    const value = parseNumber(text);
    if (value === undefined) {
      const problem = `"${text}" is not a number: type one such as 0.5, 1e-3, nan or inf.`;
      this.store.update({ editing: { ...editing, problem } });
      return false;
    }
    const { parameter } = editing;
    const channel = allChannels ? null : editing.channel;
    this.store.update({ editing: null });
    if (text !== editing.text || !editing.fresh || allChannels) {
      this.store.update({ pendingCell: { channel, parameter, value } });
      void this.send(channel, parameter, value);
    }
    return true;
  }

  private async send(
    channel: number | null,
    parameter: NonNullable<Store['model']['editing']>['parameter'],
    value: number,
  ): Promise<void> {
    const action = { kind: 'setParameter', parameter, channel, value } as const;
    const accepted = await this.actions.act(action, 'cell');
    if (!accepted) this.store.update({ pendingCell: null });
  }
}
