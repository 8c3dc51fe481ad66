// The kernels, in AssemblyScript: compiled by scripts/webAssembly.js into one WebAssembly module over
// the engine's memory. Every function takes byte addresses and counts, and allocates nothing. The
// callers, in TypeScript, are one folder up; they say what each of these is for.
export { heapBase } from './layout';
export { asciiLength, scanNumbers } from './numbers';
export { addRows, addRowsShifted, mergeTotals } from './rowMoments';
export { addRuns, addRunsShifted } from './runMoments';
export { mergeExtremes, rowExtremes, runExtremes } from './extremes';
export { normalizeRows, normalizeRuns } from './normalize';
export { countRows, countRuns } from './histogram';
export { binRows, binRuns } from './bins';
export { copyBytes, readBytes } from './memoryPasses';
