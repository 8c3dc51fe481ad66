// The engine as a worker thread: its own bundle (dist/engine.js), started by client.ts.
import { parentPort } from 'node:worker_threads';
import type { EngineApi, EngineHostApi } from '../protocol/engine';
import { createClient, serve } from '../protocol/rpc';
import { createEngine } from './engine';
import type { EngineHost } from './files/engineHost';
import { threadPort } from './threadPort';

if (parentPort === null) throw new Error('dist/engine.js runs as a worker thread only');

const port = threadPort(parentPort);
const host = createClient<EngineHostApi>(port);

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
