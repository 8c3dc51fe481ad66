/** What a drag can be read by; the first that is there is taken. */
const addressTypes = ['application/vnd.code.uri-list', 'text/uri-list'] as const;

/** VS Code's own list of what is dragged, as JSON. */
const resourceType = 'resourceurls';

/** A hint that nothing follows goes away after so many milliseconds. */
const hintFor = 4000;

/**
 * Takes files that are dropped on the page. VS Code hands a drag to a page only while Shift is held, so the
 * page says so as soon as it sees one.
 */
export class DropZone {
  private readonly sign = document.createElement('div');
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param dropped gets the addresses, none where the browser tells none */
  constructor(private readonly dropped: (addresses: readonly string[]) => void) {
    this.sign.className = 'drop-sign';
    this.sign.setAttribute('role', 'status');
    this.sign.hidden = true;
    document.body.append(this.sign);
    window.addEventListener('dragenter', event => this.over(event));
    window.addEventListener('dragover', event => this.over(event));
    window.addEventListener('drop', event => this.drop(event));
    window.addEventListener('dragleave', event => {
      if (event.relatedTarget === null && event.shiftKey) this.hide();
    });
    // The pointer is back: whatever was dragged is not any more.
    window.addEventListener('pointermove', () => this.hide());
  }

  private over(event: DragEvent): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.shiftKey) event.dataTransfer.dropEffect = 'copy';
    this.show(event.shiftKey);
  }

  private drop(event: DragEvent): void {
    this.hide();
    const { dataTransfer } = event;
    if (!hasFiles(dataTransfer)) return;
    event.preventDefault();
    this.dropped(addressesOf(dataTransfer));
  }

  private show(shift: boolean): void {
    this.sign.textContent = shift ? 'Drop to inspect' : 'Hold Shift to drop it here';
    this.sign.classList.toggle('ready', shift);
    this.sign.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), hintFor);
  }

  private hide(): void {
    this.sign.hidden = true;
    clearTimeout(this.timer);
  }
}

function hasFiles(data: DataTransfer | null): data is DataTransfer {
  const types = (data?.types ?? []).map(type => type.toLowerCase());
  return [...addressTypes, resourceType, 'files'].some(type => types.includes(type));
}

function addressesOf(data: DataTransfer): readonly string[] {
  const list = addressTypes.map(type => data.getData(type)).find(text => text !== '');
  if (list !== undefined) {
    return list.split(/\r?\n/).filter(line => line !== '' && !line.startsWith('#'));
  }
  try {
    const resources: unknown = JSON.parse(data.getData(resourceType) || '[]');
    return Array.isArray(resources)
      ? resources.filter((entry): entry is string => typeof entry === 'string')
      : [];
  } catch {
    return [];
  }
}
