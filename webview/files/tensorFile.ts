import '../styles/tensorFile.css';
import { render } from 'lit/html.js';
import { ok, type Result } from '../../src/core/problem';
import {
  createClient,
  protocolVersion,
  serve,
  type Client,
  type Handlers,
} from '../../src/protocol/rpc';
import type {
  FileHostApi,
  FileItem,
  FileState,
  FileViewApi,
  HealthUpdate,
} from '../../src/protocol/tensorFile';
import { connect } from '../connection';
import { registerControls } from '../ui/controls';
import { DropZone } from '../ui/dropZone';
import { FileStore, freshFileModel, shownListing } from './fileStore';
import { parseLayout } from './layout';
import { filePageView } from './pageView';
import { TreeController } from './treeController';

/** What the host shows becomes the model; the listing is fetched when it is another. */
class FileReceiver implements Handlers<FileViewApi> {
  constructor(
    private readonly store: FileStore,
    private readonly controller: TreeController,
    private readonly host: Client<FileHostApi>,
  ) {}

  readonly show = (state: FileState): Result<null> => {
    this.store.update({ state });
    const shown = this.store.model.listing?.version;
    if (state.kind === 'ready' && state.view.listing !== shown) void this.list();
    return ok(null);
  };

  readonly health = ({ listing, layers }: HealthUpdate): Result<null> => {
    const { model } = this.store;
    if (model.listing?.version !== listing) return ok(null);
    const health = new Map(model.health);
    for (const layer of layers) health.set(layer.layer, layer);
    this.store.update({ health });
    return ok(null);
  };

  readonly reveal = (item: FileItem): Result<null> => {
    this.controller.reveal(item);
    return ok(null);
  };

  private async list(): Promise<void> {
    const listed = await this.host.listing(null);
    if (!listed.ok) return;
    this.store.update({ listing: shownListing(listed.value), health: new Map() });
    const known = await this.host.health(null);
    if (known.ok) this.health(known.value);
  }
}

/** Constructs the page of a tensor file and wires it to the host. No logic. */
function start(root: HTMLElement): void {
  registerControls();
  const { port, readState, writeState } = connect();
  const store = new FileStore(freshFileModel(parseLayout(readState())), writeState);
  const log = (error: unknown): void => console.error(error);
  const host = createClient<FileHostApi>(port, { log });
  const controller = new TreeController(store, action => host.act(action));
  const receiver = new FileReceiver(store, controller, host);
  serve<FileViewApi>(port, receiver, { log });
  new DropZone(addresses => void controller.act({ kind: 'drop', addresses }));
  store.listen(model => {
    render(filePageView(model, { store, controller }), root);
    controller.afterRender();
  });
  store.update({});
  void host.ready({ version: protocolVersion }).then(result => {
    if (result.ok) receiver.show(result.value);
    else receiver.show({ kind: 'failed', title: 'The page cannot start', problem: result.problem });
  });
}

start(document.getElementById('panel') ?? document.body);
