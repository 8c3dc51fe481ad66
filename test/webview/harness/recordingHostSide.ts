import { RecordingPanel } from '../../../src/host/recordings/recordingPanel';
import { MemoryRecording } from './memoryRecording';
import { openWebview } from './webviewSide';

/** What the tests reach into. */
export interface RecordingHarness {
  /** Replaces the text of the file, as a training run that writes does. */
  write(text: string): void;
  /** Actions that the host would carry out in VS Code. */
  readonly requests: unknown[];
}

declare global {
  interface Window {
    recording: RecordingHarness;
  }
}

const recording = new MemoryRecording();
const requests: unknown[] = [];
const { panel } = openWebview();
new RecordingPanel(panel, 'file:///workspace/logs/run.jsonl', recording.open, {
  log: error => console.error(error),
  describe: () => 'logs/run.jsonl',
  hasInspection: () => true,
  run: (_, action) => requests.push(action),
});

window.recording = { write: recording.write, requests };
