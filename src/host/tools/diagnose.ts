import { withName, type LanguageTool } from './languageTool';
import { ToolInput } from './toolInput';

/** Files of one call: a long run has a checkpoint an epoch. */
const mostFiles = 100;

/** The findings of the doctor. */
export const diagnose: LanguageTool = {
  name: 'normscope_diagnose',
  parse: fields => {
    const input = new ToolInput(fields);
    const files = input.paths('files', mostFiles);
    const layer = input.text('layer');
    return input.finish({
      doing: 'Examining the batch norms of',
      files,
      command: found => ({ args: ['doctor', ...found.map(file => withName(file, layer))] }),
      more: 'Give a "layer", or fewer "files".',
    });
  },
};
