// The one rpc: host and webview, host and worker, each end client and server of the other at once.
export {
  cancelled,
  protocolVersion,
  type Api,
  type CallOptions,
  type Client,
  type Handlers,
  type Port,
} from './rpcTypes';
export { moved } from './moved';
export { createClient, connect, type Connection, type ConnectionOptions } from './rpcClient';
export { serve, type ServeOptions } from './rpcServer';
