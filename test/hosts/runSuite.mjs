// @ts-check
// Runs the API suites in a real VS Code: `node test/hosts/runSuite.mjs [--desktop] [--grep TEXT]`.
// Without --desktop the VS Code server and headless Chromium stand in for the executable; dist/ must be built.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { browserMissing, ensureBrowser } from './browser.mjs';
import { compileSuites } from './compile.mjs';
import { installServer } from './install.mjs';
import { out, root } from './places.mjs';
import { copySamples } from './workspace.mjs';

const { values } = parseArgs({
  options: { desktop: { type: 'boolean', default: false }, grep: { type: 'string', default: '' } },
});

async function launcher() {
  if (values.desktop) return {};
  if ((await ensureBrowser()) === undefined) throw new Error(browserMissing);
  await installServer();
  return { vscodeExecutablePath: path.join(root, 'test/hosts/launcher.mjs') };
}

async function run() {
  const executable = await launcher();
  await runTests({
    ...executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: await compileSuites(),
    launchArgs: [copySamples('suite'), '--disable-extensions'],
    extensionTestsEnv: {
      NORMSCOPE_TEST_GREP: values.grep,
      NORMSCOPE_TEST_RESULTS: path.join(out, 'results/suite.json'),
    },
  });
}

run().then(
  () => process.exit(0),
  error => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
