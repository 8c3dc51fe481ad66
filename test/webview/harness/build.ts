import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the page's files are built to, a folder for each worker of vitest; ignored by git. */
export const pageFolder = path.join(root, 'out/webview-test', process.env.VITEST_POOL_ID ?? '0');

/** Builds the panel as `npm run build` does, and the host side that answers it. */
export async function buildPage(): Promise<void> {
  await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: {
        panel: 'webview/panel.ts',
        tensorFile: 'webview/files/tensorFile.ts',
        compare: 'webview/compare/compare.ts',
        recording: 'webview/recording/recording.ts',
        series: 'webview/series/series.ts',
      },
      outdir: pageFolder,
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      target: ['es2022', 'chrome114'],
      conditions: ['production'],
      logLevel: 'warning',
    }),
    build({
      absWorkingDir: root,
      entryPoints: {
        'panel-host': 'test/webview/harness/hostSide.ts',
        'tensorFile-host': 'test/webview/harness/fileHostSide.ts',
        'compare-host': 'test/webview/harness/compareHostSide.ts',
        'recording-host': 'test/webview/harness/recordingHostSide.ts',
        'series-host': 'test/webview/harness/seriesHostSide.ts',
      },
      outdir: pageFolder,
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      alias: { 'node:crypto': path.join(root, 'test/webview/harness/crypto.ts') },
      logLevel: 'warning',
    }),
  ]);
}
