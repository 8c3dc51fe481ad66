import { withName, type LanguageTool } from './languageTool';
import { ToolInput } from './toolInput';

/** Two tensors, layers or checkpoints. */
export const compareFiles: LanguageTool = {
  name: 'normscope_compare',
  parse: fields => {
    const input = new ToolInput(fields);
    const a = input.requiredText('a', 'the path of a tensor file');
    const b = input.requiredText('b', 'the path of the tensor file to compare it with');
    const names = [input.text('nameInA'), input.text('nameInB')];
    const rtol = input.number('rtol');
    const atol = input.number('atol');
    const options = [
      ...(rtol === undefined ? [] : [`--rtol=${rtol}`]),
      ...(atol === undefined ? [] : [`--atol=${atol}`]),
      ...(input.flag('layersOnly') === true ? ['--layers-only'] : []),
    ];
    return input.finish({
      doing: 'Comparing',
      files: [a, b],
      command: found => ({
        args: ['compare', ...found.map((file, i) => withName(file, names[i])), ...options],
      }),
      more: 'Give "nameInA" and "nameInB", or "layersOnly".',
    });
  },
};
