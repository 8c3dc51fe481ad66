// Type-checks every layer with its own `lib`, so that core cannot see Node and the webview cannot see vscode.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const layers = ['src/core', 'src/protocol', 'src/engine', 'src', 'webview', 'test', 'test/webview'];
const failed = layers
  .filter(layer => existsSync(`${layer}/tsconfig.json`))
  .filter(layer => {
    // What did not change since the last run is not checked again.
    const known = `out/types/${layer.replaceAll('/', '-')}.tsbuildinfo`;
    const tsc = ['node_modules/typescript/bin/tsc', '-p', layer];
    tsc.push('--incremental', '--tsBuildInfoFile', known);
    return spawnSync(process.execPath, tsc, { stdio: 'inherit' }).status !== 0;
  });
if (failed.length > 0) {
  console.error(`type errors in ${failed.join(', ')}`);
  process.exit(1);
}
