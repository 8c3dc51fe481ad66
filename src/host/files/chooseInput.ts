import * as vscode from 'vscode';
import { ask, choose, say, type Choice } from '../commands/prompts';
import type { OpenInspections } from '../inspection/openInspections';
import { baseName, type LayerInput } from '../inspection/source';
import { offeredInputs, type WantedInput } from './describeInputs';
import { cancelledByUser, type TensorFiles } from './fileEngine';
import { isTensorFileName } from './fileNames';
import type { OpenTensorFiles } from './openTensorFiles';

export interface InputPicker {
  readonly inspections: OpenInspections;
  readonly open: OpenTensorFiles;
  readonly files: TensorFiles;
}

type Picked = LayerInput | 'otherSeed' | 'file';

/** Lets the user pick what a layer is run over; undefined where they leave. */
export async function chooseInput(
  picker: InputPicker,
  name: string,
  wanted: WantedInput,
): Promise<LayerInput | undefined> {
  const offers = offeredInputs(
    wanted,
    picker.inspections.all.map(({ source, shown }) => ({ source, shape: shown?.inspection.shape })),
    picker.open.all.map(({ uri, title, contents }) => ({
      uri,
      name: title,
      tensors: contents?.tensors ?? [],
    })),
  );
  const own: Choice<Picked> = {
    label: 'What the call is given',
    description: 'where the code tells; else generated, seed 1',
    value: { kind: 'own', seed: 1 },
  };
  const offered = offers.map(({ label, description, group, source }) => ({
    label,
    description,
    group,
    value: { kind: 'source', source } as const,
  }));
  // What the program itself would give the layer is one press away.
  const nearby = wanted.nearby?.length ?? 0;
  const choices: readonly Choice<Picked>[] = [
    ...offered.slice(0, nearby),
    ...(wanted.hasOwn === true ? [own] : []),
    {
      label: 'Generated from the moving statistics',
      description: 'seed 1',
      value: { kind: 'generated', seed: 1 },
    },
    { label: 'Generated, with another seed…', value: 'otherSeed' },
    { label: 'From a file…', description: 'a tensor file or a run file', value: 'file' },
    ...offered.slice(nearby),
  ];
  const title = `Input for ${name === '' ? baseName(wanted.uri) : name}`;
  const picked = await choose(title, choices, `What ${wanted.channels} channels are run over`);
  if (picked === 'otherSeed') return askSeed();
  return picked === 'file' ? inputOfFile(picker.files, title) : picked;
}

async function askSeed(): Promise<LayerInput | undefined> {
  const seed = await ask({
    title: 'Seed of the generated input',
    prompt: 'The same seed gives the same numbers.',
    value: '2',
    parse: text => {
      const value = Number(text);
      const valid = text.trim() !== '' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;
      return valid ? { value } : { problem: 'A whole number from 0 to 4294967295.' };
    },
  });
  return seed === undefined ? undefined : { kind: 'generated', seed };
}

async function inputOfFile(files: TensorFiles, title: string): Promise<LayerInput | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: 'Use as Input' });
  const uri = chosen?.[0]?.toString();
  if (uri === undefined) return undefined;
  if (!isTensorFileName(uri)) return { kind: 'source', source: { kind: 'resource', uri } };
  const name = await tensorOf(files, uri);
  return name === undefined ? undefined : { kind: 'source', source: { kind: 'tensor', uri, name } };
}

/** The only tensor of a file, or the one that the user picks. Slow reads say so themselves. */
async function tensorOf(files: TensorFiles, uri: string): Promise<string | undefined> {
  const listed = await files.list(uri, new AbortController().signal);
  if (!listed.ok) {
    if (listed.problem.code !== cancelledByUser) await say(listed.problem.message);
    return undefined;
  }
  const readable = listed.value.tensors.filter(({ unreadable }) => unreadable === undefined);
  if (readable.length === 0) {
    const { format } = listed.value;
    await say(
      `${baseName(uri)} (${format}) holds no tensor that can be read: choose another file as the input.`,
    );
  }
  if (readable.length <= 1) return readable[0]?.name;
  const choices = readable.map(({ name, shape, dtype }) => ({
    label: name,
    description: `${dtype} [${shape.join(', ')}]`,
    value: name,
  }));
  return choose(`A tensor of ${baseName(uri)}`, choices);
}
