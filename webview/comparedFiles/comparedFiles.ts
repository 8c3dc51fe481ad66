import '../styles/comparedFiles.css';
import { render } from 'lit/html.js';
import { ok } from '../../src/core/problem';
import type {
  FilesAction,
  FilesHostApi,
  FilesState,
  FilesViewApi,
} from '../../src/protocol/comparedFiles';
import { createClient, protocolVersion, serve } from '../../src/protocol/rpc';
import { connect } from '../connection';
import { registerControls } from '../ui/controls';
import { comparedFilesPage } from './pageView';
import { FilesStore, parseLayout, type PairLayout } from './store';

/** Constructs the page of two checkpoints and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  const { port, readState, writeState } = connect();
  const log = (error: unknown): void => console.error(error);
  const host = createClient<FilesHostApi>(port, { log });
  const store = new FilesStore({ state: null, problem: null, layout: parseLayout(readState()) });
  const keep = (): void => {
    const { state, layout } = store.model;
    if (state) writeState({ restore: state.restore, ...layout });
  };
  const show = (state: FilesState): void => {
    store.update({ state });
    keep();
  };
  serve<FilesViewApi>(
    port,
    {
      show: state => {
        show(state);
        return ok(null);
      },
    },
    { log },
  );
  const act = (action: FilesAction): void => {
    void host.act(action).then(done => store.update({ problem: done.ok ? null : done.problem }));
  };
  const arrange = (layout: Partial<PairLayout>): void => {
    store.updateLayout(layout);
    keep();
  };
  store.listen(model => render(comparedFilesPage(model, { act, arrange }), root));
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) show(result.value);
    else store.update({ problem: result.problem });
  });
}

start(document.getElementById('panel') ?? document.body);
