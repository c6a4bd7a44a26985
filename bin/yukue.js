#!/usr/bin/env node
import { run } from '../dist/cli/run.js'

// `yukue scan … | head`: whoever reads no further has seen enough
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
})

/** Loaded when it is asked for: no other command needs it. */
const serve = async (options) => (await import('../dist/cli/serve.js')).serve(options)

process.exitCode = await run(process.argv.slice(2), process, serve)
