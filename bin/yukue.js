#!/usr/bin/env node
import { run } from '../dist/src/cli/run.js'

// `yukue scan … | head`: whoever reads no further has seen enough
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2), process)
