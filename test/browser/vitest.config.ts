import { defineConfig } from 'vitest/config'

/** `npm run test:browser`: the pages in a real Chromium, over a server and an estate of their own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.browser.ts'],
    globalSetup: ['setup.ts'],
    // One Chromium and one server for all: two files at once would only wait for each other.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
