import { defaultConvention } from '../../../src/core/batchnorm/conventions/registry';
import { ok } from '../../../src/core/problem';
import { InspectionSession } from '../../../src/host/inspection/session';
import type { SourceReader } from '../../../src/host/inspection/sessionServices';
import { InspectionPanel } from '../../../src/host/panel/inspectionPanel';
import { coreEngine } from './coreEngine';
import { MemoryRecording } from './memoryRecording';
import { scenarios } from './scenarios';
import { openWebview } from './webviewSide';

/** What the tests reach into. */
export interface Harness {
  /** Replaces the source's text, as typing in the editor does. */
  setText(text: string): Promise<void>;
  /** Replaces the text of the recording, as a training run that writes does. */
  setRecording(text: string): void;
  /** Draws a layer of it in the picture of the steps. */
  drawRecording(layer: string): Promise<void>;
  /** Actions that the host would carry out in VS Code: revealed sources and commands. */
  readonly requests: string[];
  /** Messages from the page, as they were carried. */
  readonly posted: unknown[];
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const parameters = new URLSearchParams(location.search);
const scenario = parameters.get('scenario') ?? 'seed';
const requests: string[] = [];
let text = scenarios[scenario]?.() ?? null;

const reader: SourceReader = {
  read: () => {
    const body = ok({ kind: 'runFile', source: { kind: 'text', text: text ?? '' } } as const);
    const place = (offset: number): string => {
      const before = (text ?? '').slice(0, offset).split('\n');
      return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    };
    return Promise.resolve(
      ok({ body, locate: (offset: number) => Promise.resolve(place(offset)) }),
    );
  },
  describe: () => 'samples/seed.bn.json',
};

function openSession(): InspectionSession | undefined {
  if (text === null) return undefined;
  const engine = coreEngine();
  const services = { engine: () => engine, reader, fallback: () => defaultConvention };
  return new InspectionSession(services, {
    kind: 'resource',
    uri: 'file:///workspace/samples/seed.bn.json',
  });
}

const recording = new MemoryRecording();
const session = openSession();
const { panel, posted } = openWebview();
new InspectionPanel(panel, session, {
  reveal: () => requests.push('reveal'),
  run: action => requests.push(action.command),
  drop: addresses => requests.push(`drop ${addresses.join(' ')}`),
  log: error => console.error(error),
  recordings: recording.open,
});
if (parameters.get('hold') === null) void session?.refresh();

window.harness = {
  setText: async next => {
    text = next;
    await session?.refresh();
  },
  setRecording: recording.write,
  drawRecording: async layer => {
    const settings = session?.view.pictures.settings.steps;
    if (!session || !settings) return;
    const choice = { uri: 'file:///workspace/run.jsonl', layer };
    await session.act({
      kind: 'setPicture',
      picture: 'steps',
      settings: { ...settings, recordings: [choice] },
    });
  },
  requests,
  posted,
};
