import { say, start } from './demo.mjs'
import { DemoError } from './packages.mjs'

try {
  process.exitCode = await start(process.argv.slice(2), process.env)
} catch (error) {
  if (!(error instanceof DemoError)) throw error
  say(error.message)
  process.exitCode = 2
}
