import { codeExports } from './code';
import { csvExport } from './csv';
import type { ExportFormat } from './exportFormat';
import { jsonExport } from './json';
import { npyExport } from './npy';

/** Every way to write a slice, in the order of the pickers. */
export const exportFormats: readonly ExportFormat[] = [
  npyExport,
  csvExport,
  jsonExport,
  ...codeExports,
];
