import type { CopyFormat } from './copyFormat';
import { csvFormat } from './csvFormat';
import { jsonFormat } from './jsonFormat';
import { numpyFormat } from './numpyFormat';
import { pytorchFormat } from './pytorchFormat';
import { reportFormat } from './reportFormat';

/** Every format that results can be copied in, in the order the picker shows them. */
export const copyFormats: readonly CopyFormat[] = [
  jsonFormat,
  csvFormat,
  numpyFormat,
  pytorchFormat,
  reportFormat,
];
