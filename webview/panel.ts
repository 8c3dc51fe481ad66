import './styles/panel.css';
import { render } from 'lit/html.js';
import { ok } from '../src/core/problem';
import type { PanelHostApi, PanelState, PanelViewApi } from '../src/protocol/panel';
import { createClient, protocolVersion, serve, type Handlers } from '../src/protocol/rpc';
import { PanelActions } from './actions';
import { GridController } from './channels/gridController';
import { connect } from './connection';
import { parseSavedState } from './savedState';
import { registerHeatmap } from './heatmap/register';
import { PageScroll } from './pageScroll';
import { makePictures } from './pictures/registry';
import { StateKeeper } from './stateKeeper';
import { freshModel, Store } from './store';
import { drawingOf } from './takeAway/drawing';
import { registerControls } from './ui/controls';
import { DropZone } from './ui/dropZone';
import { pageView } from './views/page';

/** Constructs the page and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  registerHeatmap();
  const { port, readState, writeState } = connect();
  const saved = parseSavedState(readState());
  const keeper = new StateKeeper(saved, writeState);
  const store = new Store(freshModel(saved.layout));
  const log = (error: unknown): void => console.error(error);
  const host = createClient<PanelHostApi>(port, { log });
  const actions = new PanelActions(store, action => host.act(action));
  const grid = new GridController(store, actions, request => host.rows(request));
  const pictures = makePictures.map(make => make({ host, actions, store }));
  const show = (state: PanelState): void => {
    grid.receive(state);
    actions.show(state);
  };

  const view: Handlers<PanelViewApi> = {
    show: state => {
      show(state);
      return ok(null);
    },
    drawing: () => drawingOf(root.querySelector('.picture') ?? root),
  };
  serve(port, view, { log });
  new DropZone(addresses => void actions.act({ kind: 'drop', addresses }));
  const scroll = new PageScroll(saved.layout.pageTop, pageTop => store.updateLayout({ pageTop }));
  store.listen(model => {
    render(pageView(model, { store, actions, grid, pictures }), root);
    grid.afterRender();
    scroll.afterRender(model);
    keeper.keep(model);
  });
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) show(result.value);
    else
      show({ kind: 'failed', title: 'The panel cannot start', problem: result.problem, place: '' });
  });
}

start(document.getElementById('panel') ?? document.body);
