import { findingMarkdown, markdownTable } from '../../core/batchnorm/diagnose/findingMarkdown';
import { verdict } from '../../core/batchnorm/explain';
import { formatShape } from '../../core/tensor/shape';
import type { CopyFormat } from './copyFormat';

/** What was found, ready for an issue tracker: numbers of a few channels, and none of the input's. */
export const reportFormat: CopyFormat = {
  id: 'report',
  label: 'Report',
  detail:
    'Markdown for an issue tracker: the layer, the verdict, and the findings with their evidence',
  hasElements: false,
  write: ({ inspection, findings, inputName, trace }) => {
    const { layer } = inspection.present;
    const { convention } = layer;
    const { shape, flags } = inspection;
    const about = markdownTable(
      ['input', `\`${inputName}\` ${formatShape(shape)}`],
      [
        [
          'channels',
          `${trace.channels} on axis ${layer.channelAxis}, n = ${trace.batch.n[0] ?? 0}`,
        ],
        ['convention', `${convention.name} (\`${convention.api}\`)`],
        ['flags', `training ${flags.training}, trainable ${flags.trainable}`],
        ['epsilon', String(layer.epsilon)],
        ['momentum', String(layer.momentum ?? 'none')],
      ],
    );
    const found =
      findings.length === 0
        ? ['Nothing wrong was found in this layer and batch.']
        : findings.map(findingMarkdown);
    const parts = [
      '### Batch norm report (Normscope)',
      about,
      verdict(layer, shape.length, flags).text,
      ...found,
    ];
    return `${parts.join('\n\n')}\n`;
  },
};
