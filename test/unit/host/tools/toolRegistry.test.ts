import { describe, expect, it } from 'vitest';
import manifest from '../../../../package.json';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { mostCharacters } from '../../../../src/host/tools/boundedText';
import type { FoundFile } from '../../../../src/host/tools/languageTool';
import { toolNames, type ToolName } from '../../../../src/host/tools/toolNames';
import { toolsByName } from '../../../../src/host/tools/toolRegistry';

const tools = manifest.contributes.languageModelTools;

/** The command line that a call becomes, with each file found at `/open/NAME`. */
function lineOf(name: ToolName, input: Record<string, unknown>, size = 1): readonly string[] {
  const call = toolsByName.get(name)!.parse(input);
  if (!call.ok) return [call.problem.message];
  const found = call.value.files.map((file): FoundFile => ({ path: `/open/${file}`, size }));
  return call.value.command(found).args;
}

describe('the tools', () => {
  it('are those of the manifest', () => {
    expect(tools.map(({ name }) => name)).toEqual([...toolNames]);
    expect([...toolsByName.keys()]).toEqual([...toolNames]);
  });

  it('take the properties of their schemas and no others', () => {
    for (const { name, inputSchema } of tools) {
      const parsed = toolsByName.get(name as ToolName)!.parse({ ...required(inputSchema), no: 1 });
      const message = parsed.ok ? '' : parsed.problem.message;
      const taken = /there are (.*)\.$/.exec(message)?.[1]?.split(', ');
      expect(taken?.sort(), name).toEqual(Object.keys(inputSchema.properties).sort());
    }
  });

  it('say how long an answer is', () => {
    for (const { modelDescription } of tools) {
      expect(modelDescription).toContain(`${mostCharacters.toLocaleString('en-US')} characters`);
    }
  });

  it('name every convention', () => {
    const { enum: ids } = tools[1]!.inputSchema.properties.convention as { enum: string[] };
    expect(ids).toEqual(conventions.map(({ id }) => id));
  });
});

function required({ required: names }: { required: string[] }): Record<string, unknown> {
  const values = names.map(name => [name, name === 'files' ? ['a.pt'] : 'a.pt'] as const);
  return names.length === 0 ? { file: 'a.pt' } : Object.fromEntries(values);
}

describe('a call', () => {
  it.each<[ToolName, Record<string, unknown>, string]>([
    ['normscope_inspect_tensor', { file: 'a.npz', tensor: 'x' }, 'summary /open/a.npz#x'],
    ['normscope_inspect_tensor', { file: 'a.npz' }, 'summary /open/a.npz'],
    ['normscope_inspect_tensor', { data: '[1]' }, 'summary -'],
    ['normscope_list_layers', { file: 'a.pt' }, 'layers /open/a.pt'],
    ['normscope_diagnose', { files: ['1.pt', '2.pt'] }, 'doctor /open/1.pt /open/2.pt'],
    ['normscope_diagnose', { files: ['1.pt'], layer: 'bn' }, 'doctor /open/1.pt#bn'],
    [
      'normscope_compare',
      { a: 'a.pt', b: 'b.h5', nameInB: 'bn', rtol: 0.1, atol: 0, layersOnly: true },
      'compare /open/a.pt /open/b.h5#bn --rtol=0.1 --atol=0 --layers-only',
    ],
    ['normscope_compare', { a: 'a.pt', b: 'a.pt' }, 'compare /open/a.pt /open/a.pt'],
    [
      'normscope_run_batch_norm',
      { file: 'r.json', training: true, trainable: false, epsilon: 1e-7, axis: -1, steps: 3 },
      'run /open/r.json --axis=-1 --epsilon=1e-7 --steps=3 --training --no-trainable',
    ],
    [
      'normscope_run_batch_norm',
      { file: 'm.pt', layer: 'bn1', inputFile: 'x.npz', input: 'x', cumulative: true },
      'run /open/m.pt --input=/open/x.npz#x --layer=/open/m.pt#bn1 --momentum=none',
    ],
    [
      'normscope_run_batch_norm',
      { data: '{}', layerFile: 'm.pt', convention: 'pytorch', momentum: 0.1 },
      'run - --layer=/open/m.pt --convention=pytorch --momentum=0.1',
    ],
  ])('%s %j is the command line %s', (name, input, line) => {
    expect(lineOf(name, input).join(' ')).toBe(line);
  });

  it('lists a large file, which would take long to read whole', () => {
    expect(lineOf('normscope_inspect_tensor', { file: 'a.pt' }, 1e9)).toEqual([
      'tensors',
      '/open/a.pt',
    ]);
  });

  it.each<[ToolName, Record<string, unknown>, string]>([
    ['normscope_inspect_tensor', {}, 'Give either "file" or "data": one of them, and not both.'],
    [
      'normscope_run_batch_norm',
      { file: 'a', data: '[1]' },
      'Give either "file" or "data": one of them, and not both.',
    ],
    [
      'normscope_run_batch_norm',
      { file: 'a', momentum: 0.1, cumulative: true },
      'Give either "momentum" or "cumulative": a cumulative average has no momentum.',
    ],
    [
      'normscope_compare',
      { a: 'a' },
      '"b" is missing: give the path of the tensor file to compare it with.',
    ],
  ])('%s %j is refused', (name, input, message) => {
    expect(lineOf(name, input)).toEqual([message]);
  });
});
