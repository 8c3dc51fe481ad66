import '../styles/series.css';
import { render } from 'lit/html.js';
import { ok } from '../../src/core/problem';
import { jsonSafePort } from '../../src/protocol/jsonSafePort';
import { createClient, protocolVersion, serve } from '../../src/protocol/rpc';
import type { SeriesHostApi, SeriesState, SeriesViewApi } from '../../src/protocol/series';
import { connect } from '../connection';
import { registerControls } from '../ui/controls';
import { SeriesController } from './controller';
import { seriesPageView } from './pageView';
import { parseShown, SeriesStore } from './store';

/** Constructs the page of a series and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  const { port: vscodePort, readState, writeState } = connect();
  const port = jsonSafePort(vscodePort);
  const log = (error: unknown): void => console.error(error);
  const host = createClient<SeriesHostApi>(port, { log });
  const store = new SeriesStore({ state: null, problem: null, layout: parseShown(readState()) });
  const controller = new SeriesController(store, host, writeState);
  const show = (state: SeriesState): void => controller.show(state);
  serve<SeriesViewApi>(
    port,
    {
      show: state => {
        show(state);
        return ok(null);
      },
    },
    { log },
  );
  store.listen(model => render(seriesPageView(model, controller), root));
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) show(result.value);
    else store.update({ problem: result.problem });
  });
}

start(document.getElementById('panel') ?? document.body);
