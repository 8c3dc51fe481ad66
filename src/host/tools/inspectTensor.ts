import { withName, type LanguageTool } from './languageTool';
import { mostInline } from './inlineData';
import { ToolInput } from './toolInput';

/** A file of at most so many bytes is summarized whole where no tensor is named; of a larger one the tensors are listed. */
const summarizedWhole = 64_000_000;

/** What a tensor holds. */
export const inspectTensor: LanguageTool = {
  name: 'normscope_inspect_tensor',
  parse: fields => {
    const input = new ToolInput(fields);
    const file = input.text('file');
    const data = input.longText('data', mostInline);
    const tensor = input.text('tensor');
    input.refuseIf(
      (file === undefined) === (data === undefined),
      'Give either "file" or "data": one of them, and not both.',
    );
    return input.finish({
      doing: 'Reading',
      files: file === undefined ? [] : [file],
      command: ([found]) => {
        const operand = withName(found, tensor);
        const whole = tensor !== undefined || (found?.size ?? 0) <= summarizedWhole;
        return {
          args: [whole ? 'summary' : 'tensors', operand],
          ...(data !== undefined && { input: data }),
        };
      },
      more: 'Name one "tensor".',
    });
  },
};
