import '../styles/recording.css';
import { render } from 'lit/html.js';
import { ok } from '../../src/core/problem';
import type {
  RecordingHostApi,
  RecordingState,
  RecordingViewApi,
} from '../../src/protocol/recording';
import { createClient, protocolVersion, serve } from '../../src/protocol/rpc';
import { connect } from '../connection';
import { registerControls } from '../ui/controls';
import { RecordingController } from './controller';
import { recordingPageView } from './pageView';
import { parseSelection, RecordingStore } from './store';

/** Constructs the page of a recording and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  const { port, readState, writeState } = connect();
  const log = (error: unknown): void => console.error(error);
  const host = createClient<RecordingHostApi>(port, { log });
  const store = new RecordingStore({
    state: null,
    problem: null,
    layout: parseSelection(readState()),
  });
  const controller = new RecordingController(store, host, writeState);
  const show = (state: RecordingState): void => controller.show(state);
  serve<RecordingViewApi>(
    port,
    {
      show: state => {
        show(state);
        return ok(null);
      },
    },
    { log },
  );
  store.listen(model => render(recordingPageView(model, controller), root));
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) show(result.value);
    else store.update({ problem: result.problem });
  });
}

start(document.getElementById('panel') ?? document.body);
