import { defineConfig } from 'vite'

// Tests start a build too, and what they test is what is shipped.
process.env['NODE_ENV'] = 'production'

/** `npm run build:web`: the pages that `yukue serve` hands out, in dist/web. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: false,
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // What a test of the build weighs: which files a first view takes.
    manifest: true,
    target: 'es2022',
    // The content security policy takes scripts, styles and pictures of this origin only, so nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The layout engine of graphs is one file of 1.4 MB in a worker, loaded when a graph is opened.
    chunkSizeWarningLimit: 2_000,
    reportCompressedSize: false,
    // `"use client"` and its like concern servers that render React, which this is none of.
    rolldownOptions: { checks: { moduleLevelDirective: false, ineffectiveDynamicImport: false } },
  },
  worker: { format: 'es' },
  logLevel: 'warn',
})
