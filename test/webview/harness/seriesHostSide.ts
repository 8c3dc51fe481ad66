import { ok } from '../../../src/core/problem';
import { CheckpointSeries } from '../../../src/host/series/checkpointSeries';
import { SeriesPanel } from '../../../src/host/series/seriesPanel';
import { memoryCheckpoints, memoryMembers } from '../../unit/host/series/memoryCheckpoints';
import { openWebview } from './webviewSide';

/** What the tests reach into. */
export interface SeriesHarness {
  /** Lets reading go on: with `hold=yes` in the address it waits before the fifth checkpoint. */
  proceed(): void;
  /** Checkpoints that the host would open in VS Code. */
  readonly opened: string[];
}

declare global {
  interface Window {
    series: SeriesHarness;
  }
}

const hold = new URLSearchParams(location.search).get('hold') === 'yes';
const opened: string[] = [];
let proceed = (): void => undefined;
const gate = new Promise<void>(resolve => {
  proceed = resolve;
});
const services = memoryCheckpoints({
  layers: 20,
  sickFrom: 7,
  cut: [3],
  listing: uri => (hold && uri === 'step-5.pt' ? gate : undefined),
});
const series = new CheckpointSeries(() => Promise.resolve(ok(memoryMembers(12))), services);
new SeriesPanel(
  openWebview().panel,
  { origin: { kind: 'glob', pattern: '*.pt' }, title: '*.pt', place: '*.pt in the open folders' },
  series,
  { log: error => console.error(error), open: uri => opened.push(uri) },
);

window.series = { proceed, opened };
