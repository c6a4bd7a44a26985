import { chmodSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'

import { npmPacker } from '../../demo/fetch.mjs'
import { npmCommand } from '../../demo/npm.mjs'
import { folder } from '../builders/folder.ts'

/** An npm-cli.js that runs `body` with its arguments in `args`. */
function fakeNpm(body: string): NodeJS.ProcessEnv {
  const bin = folder({ 'npm-cli.js': `const args = process.argv.slice(2)\n${body}\n` })
  return { npm_execpath: join(bin, 'npm-cli.js') }
}

const WRITES_ITS_ARGUMENTS = `
  const folder = args[args.indexOf('--pack-destination') + 1]
  require('node:fs').writeFileSync(require('node:path').join(folder, args[0] + ' ' + args[1] + '.tgz'), '')`

it('runs npm pack into the folder it is given', async () => {
  const target = folder({})
  await npmPacker(fakeNpm(WRITES_ITS_ARGUMENTS))('model@1.0.0', target)
  expect(readdirSync(target)).toEqual(['pack model@1.0.0.tgz'])
})

it('tells npm to run no scripts', async () => {
  const env = fakeNpm("process.exit(args.includes('--ignore-scripts') ? 0 : 1)")
  expect(await npmPacker(env)('model@1.0.0', folder({}))).toEqual({ ok: true })
})

it('has npm name a cause even when npm itself was started silent', async () => {
  const env = fakeNpm("process.exit(args.includes('--loglevel=error') ? 0 : 1)")
  expect(await npmPacker({ ...env, npm_config_loglevel: 'silent' })('model@1.0.0', folder({}))).toEqual({
    ok: true,
  })
})

it('hands back what npm complained about', async () => {
  const env = fakeNpm("process.stderr.write('npm error code E404'); process.exit(1)")
  expect(await npmPacker(env)('model@1.0.0', folder({}))).toEqual({ ok: false, output: 'npm error code E404' })
})

it('passes no argument through a shell', async () => {
  const target = folder({})
  await npmPacker(fakeNpm(WRITES_ITS_ARGUMENTS))('model@$HOME;x', target)
  expect(readdirSync(target)).toEqual(['pack model@$HOME;x.tgz'])
})

it('does not take another package manager for npm', () => {
  expect(npmCommand({ npm_execpath: '/opt/yarn/bin/yarn.js' }).prefix).not.toContain('/opt/yarn/bin/yarn.js')
})

// On Windows npm is found beside node.exe instead, never by PATH.
it.skipIf(process.platform === 'win32')('finds npm on PATH when npm did not start it', async () => {
  const bin = folder({ npm: '#!/bin/sh\nexit 0\n' })
  chmodSync(join(bin, 'npm'), 0o755)
  const env = { PATH: [bin, process.env['PATH']].join(delimiter) }
  expect(await npmPacker(env)('model@1.0.0', folder({}))).toEqual({ ok: true })
})

it.skipIf(process.platform === 'win32')('says what to install when there is no npm', async () => {
  const packing = npmPacker({ PATH: folder({}) })('model@1.0.0', folder({}))
  await expect(packing).rejects.toThrow(/npm was not found.*install Node\.js/)
})
