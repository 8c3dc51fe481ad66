/** What a page has drawn, as files that stand alone. */
export interface Drawing {
  /** undefined of what is pixels only. */
  readonly svg: string | undefined;
  readonly png: Uint8Array;
}
