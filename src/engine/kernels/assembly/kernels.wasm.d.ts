/** The compiled kernels, which scripts/webAssembly.js gives to a bundle or to vitest. */
export const bytes: Uint8Array<ArrayBuffer>;
