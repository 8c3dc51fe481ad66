import { verdict } from '../../core/batchnorm/explain';
import { runRecord } from '../../core/batchnorm/runRecord';
import { encodeJson } from '../../core/text/json';
import type { CopyFormat } from './copyFormat';

/** What `normscope run --json --full` prints for the same step. */
export const jsonFormat: CopyFormat = {
  id: 'json',
  label: 'JSON',
  detail: 'As the command line prints it: every channel, the whole output, the findings',
  hasElements: true,
  write: ({ inspection, trace, findings, output, inputName }) => {
    const { flags, shape } = inspection;
    const { layer } = inspection.present;
    const sentence = verdict(layer, shape.length, flags).text;
    const record = runRecord({
      ...{ layer, flags, shape, trace, findings, output },
      layerName: inputName,
      verdict: sentence,
    });
    return [...encodeJson(record)].join('');
  },
};
