import type { LanguageTool } from './languageTool';
import { ToolInput } from './toolInput';

/** The batch-norm layers of a file. */
export const listLayers: LanguageTool = {
  name: 'normscope_list_layers',
  parse: fields => {
    const input = new ToolInput(fields);
    const file = input.requiredText('file', 'the path of a checkpoint');
    return input.finish({
      doing: 'Listing the batch norms of',
      files: [file],
      command: ([found]) => ({ args: ['layers', found?.path ?? ''] }),
      more: 'normscope_diagnose with "layer" looks into one of them.',
    });
  },
};
