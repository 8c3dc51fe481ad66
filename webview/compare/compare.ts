import '../styles/compare.css';
import { render } from 'lit/html.js';
import { ok, type Result } from '../../src/core/problem';
import type {
  CompareAction,
  CompareHostApi,
  CompareState,
  CompareViewApi,
} from '../../src/protocol/compare';
import { createClient, protocolVersion, serve } from '../../src/protocol/rpc';
import { connect } from '../connection';
import { registerHeatmap } from '../heatmap/register';
import { registerControls } from '../ui/controls';
import { ChannelList } from './channelsView';
import { MapsModel } from './mapsModel';
import { comparePage } from './pageView';
import { CompareStore } from './store';

/** Constructs the page that compares and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  registerHeatmap();
  const { port, readState, writeState } = connect();
  const log = (error: unknown): void => console.error(error);
  const host = createClient<CompareHostApi>(port, { log });
  const saved = readState();
  const store = new CompareStore(saved, writeState);
  const show = (state: CompareState): Result<null> => {
    store.update({ state });
    return ok(null);
  };
  serve<CompareViewApi>(port, { show }, { log });
  const act = (action: CompareAction): void => {
    void host.act(action).then(done => store.update({ refusal: done.ok ? null : done.problem }));
  };
  const maps = new MapsModel(host, store);
  const channels = new ChannelList(host, store);
  store.listen(model => {
    render(comparePage(model, { maps, channels, act }), root);
    store.keep(model);
  });
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) show(result.value);
    else {
      const restore =
        typeof saved === 'object' && saved !== null && 'restore' in saved ? saved.restore : null;
      show({ kind: 'failed', title: 'The page cannot start', problem: result.problem, restore });
    }
  });
}

start(document.getElementById('panel') ?? document.body);
