import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: ['./prepare.ts'],
    setupFiles: ['./pictureFailures.ts'],
    // Each file starts its own VS Code; two at once would only wait for each other's processor.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
