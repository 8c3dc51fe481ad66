/** A run of bytes. */
export interface Span {
  readonly address: number;
  readonly bytes: number;
}

/** The parts of a memory that nobody has: in order, apart from each other, so that neighbours are one. */
export class FreeList {
  private readonly spans: Span[] = [];

  /** Takes the smallest span that is large enough, and leaves the rest of it. */
  take(bytes: number): number | undefined {
    let best = -1;
    for (const [i, span] of this.spans.entries()) {
      if (span.bytes < bytes) continue;
      if (best < 0 || span.bytes < (this.spans[best] as Span).bytes) best = i;
    }
    const span = this.spans[best];
    if (span === undefined) return undefined;
    const rest = { address: span.address + bytes, bytes: span.bytes - bytes };
    this.spans.splice(best, 1, ...(rest.bytes > 0 ? [rest] : []));
    return span.address;
  }

  /** Takes a span back. */
  give({ address, bytes }: Span): void {
    let at = this.spans.findIndex(span => span.address > address);
    if (at < 0) at = this.spans.length;
    const none = { address: -1, bytes: 0 };
    const before = this.spans[at - 1] ?? none;
    const after = this.spans[at] ?? none;
    const joinsBefore = before.address + before.bytes === address;
    const joinsAfter = address + bytes === after.address;
    const from = joinsBefore ? before.address : address;
    const to = joinsAfter ? after.address + after.bytes : address + bytes;
    const first = joinsBefore ? at - 1 : at;
    this.spans.splice(first, Number(joinsBefore) + Number(joinsAfter), {
      address: from,
      bytes: to - from,
    });
  }

  /** Bytes of the span that ends at an address; 0 where none does. */
  endingAt(end: number): number {
    const last = this.spans.at(-1) ?? { address: 0, bytes: 0 };
    return last.address + last.bytes === end ? last.bytes : 0;
  }
}
