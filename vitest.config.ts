import { defineConfig } from 'vitest/config';
import { kernelsForTests } from './scripts/webAssembly.js';

export default defineConfig({
  plugins: [kernelsForTests],
  test: {
    include: ['test/{unit,golden,property,webview}/**/*.test.ts'],
    testTimeout: 90_000,
    // For pages in a browser on a busy machine.
    expect: { poll: { timeout: 40_000 } },
  },
});
