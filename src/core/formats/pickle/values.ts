/**
 * What a pickle says, as inert data. Nothing in it was ever called or imported: a call is a note of what
 * would have been called with what. Structures may share parts and contain themselves.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent;

/** A tuple, list, set or frozenset. */
export class PickleSequence {
  constructor(
    readonly kind: 'tuple' | 'list' | 'set',
    readonly items: PickleValue[],
  ) {}
}

/** Entries that are looked through one by one. */
const few = 32;

export class PickleDict {
  /** In the order they were set; of two with one key the last counts. */
  readonly entries: (readonly [PickleValue, PickleValue])[] = [];

  /** By key, made when first asked for: a million objects may share one dict. */
  private index: ReadonlyMap<PickleValue, PickleValue> | undefined;
  private indexed = 0;

  /** The value of a key that is text. */
  get(key: string): PickleValue | undefined {
    if (this.entries.length <= few) {
      const own = this.entries.filter(entry => entry[0] === key);
      return own.at(-1)?.[1];
    }
    if (this.index === undefined || this.indexed !== this.entries.length) {
      this.index = new Map(this.entries);
      this.indexed = this.entries.length;
    }
    return this.index.get(key);
  }
}

/** A class or function by name: `torch._utils` `_rebuild_tensor_v2`. */
export class PickleGlobal {
  /** Put together when first asked for: thousands of calls may be of one. */
  private joined: string | undefined;

  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return (this.joined ??= `${this.module}.${this.name}`);
  }
}

const noContents = new PickleDict();

/** An object that calling something would have made, and what would have been done to it then. */
export class PickleCall {
  /** What `BUILD` gives: nearly always a dict of attributes. */
  state: PickleValue | undefined;
  /** Made when there is something to put in: nearly every tensor is a call, and has none of them. */
  private set: PickleDict | undefined;
  private list: PickleValue[] | undefined;

  constructor(
    readonly callee: PickleValue,
    readonly args: readonly PickleValue[],
  ) {}

  /** Items of an object that is a dict by its class. */
  get contents(): PickleDict {
    return this.set ?? noContents;
  }

  /** Items of an object that is a list by its class. */
  get appended(): readonly PickleValue[] {
    return this.list ?? [];
  }

  /** The same, to be added to. */
  ownContents(): PickleDict {
    return (this.set ??= new PickleDict());
  }

  ownAppended(): PickleValue[] {
    return (this.list ??= []);
  }

  /** `torch._utils._rebuild_tensor_v2`; empty where not a global is called. */
  get path(): string {
    return this.callee instanceof PickleGlobal ? this.callee.path : '';
  }
}

/** Something that is not in the pickle: PyTorch's storages. */
export class PicklePersistent {
  constructor(readonly id: PickleValue) {}
}
