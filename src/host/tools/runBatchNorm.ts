import { withName, type FoundFile, type LanguageTool } from './languageTool';
import { mostInline } from './inlineData';
import { ToolInput } from './toolInput';

/** Steps of batch norm over an input. */
export const runBatchNorm: LanguageTool = {
  name: 'normscope_run_batch_norm',
  parse: fields => {
    const input = new ToolInput(fields);
    const file = input.text('file');
    const data = input.longText('data', mostInline);
    const named = {
      input: { file: input.text('inputFile'), name: input.text('input') },
      layer: { file: input.text('layerFile'), name: input.text('layer') },
    };
    const options = stepOptions(input);
    input.refuseIf(
      (file === undefined) === (data === undefined),
      'Give either "file" or "data": one of them, and not both.',
    );
    const files = [file, named.input.file, named.layer.file];
    return input.finish({
      doing: 'Running batch norm over',
      files: files.filter(path => path !== undefined),
      command: found => {
        // In the order of `files`, without those that nobody named.
        const rest = [...found];
        const [main, inputFile, layerFile] = files.map(path =>
          path === undefined ? undefined : rest.shift(),
        );
        return {
          args: [
            'run',
            withName(main, undefined),
            ...partOption('input', named.input.name, inputFile, main),
            ...partOption('layer', named.layer.name, layerFile, main),
            ...options,
          ],
          ...(data !== undefined && { input: data }),
        };
      },
      more: 'Run over fewer channels.',
    });
  },
};

/**
 * Names are given with their file: a bare one that is in no file would be taken for the path of one, which
 * nobody was asked about.
 */
function partOption(
  option: string,
  name: string | undefined,
  own: FoundFile | undefined,
  main: FoundFile | undefined,
): string[] {
  if (name === undefined && own === undefined) return [];
  return [`--${option}=${withName(own ?? main, name)}`];
}

function stepOptions(input: ToolInput): string[] {
  const values = {
    convention: input.text('convention'),
    axis: input.number('axis'),
    epsilon: input.number('epsilon'),
    momentum: input.flag('cumulative') === true ? 'none' : input.number('momentum'),
    steps: input.number('steps'),
  };
  // Asked for even where `cumulative` makes it void, so that it is known.
  input.refuseIf(
    input.number('momentum') !== undefined && values.momentum === 'none',
    'Give either "momentum" or "cumulative": a cumulative average has no momentum.',
  );
  const flags = { training: input.flag('training'), trainable: input.flag('trainable') };
  return [
    ...Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    ),
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === undefined ? [] : [value ? `--${name}` : `--no-${name}`],
    ),
  ];
}
