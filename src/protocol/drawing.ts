/** What a page has drawn, as a file that stands alone. */
export type Drawing =
  | { readonly kind: 'svg'; readonly text: string }
  | { readonly kind: 'png'; readonly bytes: Uint8Array };
