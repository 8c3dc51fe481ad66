import * as vscode from 'vscode';
import type { RecordingChoice } from '../../protocol/pictures/steps';
import { baseName } from '../inspection/source';
import { recordingProblems } from '../recordings/describeRecording';
import type { OpenRecordings } from '../recordings/openRecordings';
import type { RecordingFile } from '../recordings/recordingFile';
import { onActive, perform, type Command } from './command';
import { choose, say } from './prompts';
import { isUri } from './resources';

/** Draws a layer of a recording on the axes of the inspection in front. Arguments: the file, and the layer's name. */
export const addRecording = onActive(
  'addRecording',
  async ({ session }, context, resource, name) => {
    const uri = isUri(resource) ? resource.toString() : await chooseRecording('Add');
    if (uri === undefined) return;
    const layer = typeof name === 'string' ? name : await layerOf(context.recordings.open, uri);
    if (layer === undefined) return;
    const { steps } = session.view.pictures.settings;
    const chosen: RecordingChoice = { uri, layer };
    const others = steps.recordings.filter(one => one.uri !== uri || one.layer !== layer);
    const settings = { ...steps, recordings: [...others, chosen] };
    await perform(session, { kind: 'showPicture', picture: 'steps' });
    await perform(session, { kind: 'setPicture', picture: 'steps', settings });
  },
);

/** Opens the page of a recording; returns what it shows. */
export const openRecording: Command = {
  id: 'openRecording',
  run: async ({ recordings }, resource) => {
    const uri = isUri(resource) ? resource.toString() : await chooseRecording('Open');
    if (uri === undefined) return undefined;
    const page = recordings.pages.open(uri);
    await page.loaded();
    return page.state;
  },
};

/** Asks which file. @param verb of the dialog's button */
export async function chooseRecording(verb: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Recording of a training run',
    openLabel: verb,
    filters: { Recordings: ['jsonl', 'ndjson', 'log'], 'All files': ['*'] },
  });
  return chosen?.[0]?.toString();
}

/** The only layer, or the one that is chosen; undefined where there is none, which is said. */
async function layerOf(recordings: OpenRecordings, uri: string): Promise<string | undefined> {
  const followed = recordings.follow(uri);
  try {
    const { file } = followed;
    await file.refresh();
    const { layers } = file.reader;
    if (layers.length === 0) await say(noRecording(file));
    if (layers.length < 2) return layers[0]?.name;
    return await choose(
      'Layer of the recording',
      layers.map(({ name, channels, lines }) => ({
        label: name,
        description: `${channels} channels, ${lines} lines`,
        value: name,
      })),
    );
  } finally {
    followed.dispose();
  }
}

export function noRecording(file: RecordingFile): string {
  const problems = recordingProblems(file);
  const lead = `${baseName(file.uri)} holds no recording of a training run yet.`;
  return problems === '' ? lead : `${lead} ${problems}`;
}
