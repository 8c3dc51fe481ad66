// The engine as a worker thread: its own bundle (dist/engine.js), started by client.ts.
import path from 'node:path';
import { parentPort, Worker } from 'node:worker_threads';
import type { EngineApi, EngineHostApi } from '../protocol/engine';
import { createClient, serve } from '../protocol/rpc';
import { createEngine } from './engine';
import type { EngineHost } from './files/engineHost';
import { threadPort } from './threadPort';
import { allowHelpers } from './threads/threadTeam';
import { usefulHelpers } from './threads/usefulHelpers';

if (parentPort === null) throw new Error('dist/engine.js runs as a worker thread only');

const port = threadPort(parentPort);
const host = createClient<EngineHostApi>(port);

allowHelpers({
  start: data => new Worker(path.join(__dirname, 'helper.js'), { workerData: data, execArgv: [] }),
  helpers: usefulHelpers(),
  log: text => void host.log(text),
});

const files: EngineHost = {
  readFile: request => host.readFile(request),
  progress: progress => void host.progress(progress),
};

serve<EngineApi>(port, createEngine(files), {
  log: (error, method) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void host.log(`${method}: ${text}`);
  },
});
