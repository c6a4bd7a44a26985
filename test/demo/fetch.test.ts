import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { fetchPackage, type Packer } from '../../demo/fetch.mjs'
import { folder } from '../builders/folder.ts'
import { integrity, tarball } from './tarball.ts'

const good = tarball([{ path: 'package/model.onnx', content: 'weights' }])
const wanted = { name: '@maker/model', version: '1.2.3', licence: 'MIT', integrity: integrity(good) }

/** A packer that gives the listed answers in turn: bytes arrive, a string is npm's complaint. */
function packer(...answers: (Buffer | string)[]): Packer & { calls: string[] } {
  const calls: string[] = []
  const pack = async (spec: string, target: string) => {
    calls.push(spec)
    const answer = answers[calls.length - 1] ?? 'npm error called too often'
    if (typeof answer === 'string') return { ok: false as const, output: answer }
    writeFileSync(join(target, 'maker-model-1.2.3.tgz'), answer)
    return { ok: true as const }
  }
  return Object.assign(pack, { calls })
}

it('asks npm for exactly the pinned version', async () => {
  const pack = packer(good)
  await fetchPackage(wanted, folder({}), pack)
  expect(pack.calls).toEqual(['@maker/model@1.2.3'])
})

it('keeps the tarball under the name npm pack gives it', async () => {
  const cache = folder({})
  await fetchPackage(wanted, cache, packer(good))
  expect(readdirSync(cache)).toEqual(['maker-model-1.2.3.tgz'])
})

it('does not ask npm again for what is in the cache', async () => {
  const cache = folder({})
  await fetchPackage(wanted, cache, packer(good))
  const pack = packer()
  await fetchPackage(wanted, cache, pack)
  expect(pack.calls).toEqual([])
})

it('fetches a half-written cached tarball again', async () => {
  const cache = folder({ 'maker-model-1.2.3.tgz': good.subarray(0, 40) })
  const path = await fetchPackage(wanted, cache, packer(good))
  expect(readFileSync(path)).toEqual(good)
})

it('refuses a tarball that does not match its pin, naming the package', async () => {
  const fetching = fetchPackage(wanted, folder({}), packer(tarball([{ path: 'package/other', content: 'x' }])))
  await expect(fetching).rejects.toThrow(/@maker\/model@1\.2\.3 is not what the demo was made with/)
})

it('removes a tarball that does not match its pin', async () => {
  const cache = folder({})
  await fetchPackage(wanted, cache, packer(Buffer.from('altered'))).catch(() => {})
  expect(readdirSync(cache)).toEqual([])
})

it('tries again after a passing network fault', async () => {
  const pack = packer('npm error code ECONNRESET', 'npm error code ETIMEDOUT', good)
  await fetchPackage(wanted, folder({}), pack, { pauseMs: 0 })
  expect(pack.calls).toHaveLength(3)
})

it('gives up after the second retry', async () => {
  const pack = packer('npm error code ECONNRESET', 'npm error code ECONNRESET', 'npm error code ECONNRESET', good)
  await expect(fetchPackage(wanted, folder({}), pack, { pauseMs: 0 })).rejects.toThrow(/could not fetch/)
})

it('does not try again when the registry does not know the version', async () => {
  const pack = packer('npm error code ETARGET', good)
  await fetchPackage(wanted, folder({}), pack, { pauseMs: 0 }).catch(() => {})
  expect(pack.calls).toHaveLength(1)
})

it('tells the cause npm gave, not the log lines around it', async () => {
  const said = [
    'npm warn Unknown user config "nodedir".',
    'npm error code ENOTFOUND',
    'npm error syscall getaddrinfo',
    'npm error network request to https://registry.example/model failed, reason: getaddrinfo ENOTFOUND',
    'npm error A complete log of this run can be found in: /home/me/.npm/_logs/x.log',
  ].join('\n')
  const fetching = fetchPackage(wanted, folder({}), packer(said, said, said), { pauseMs: 0 })
  await expect(fetching).rejects.toThrow(
    'could not fetch @maker/model@1.2.3 from the npm registry: request to https://registry.example/model failed',
  )
})

it('leaves no half-fetched file behind when it fails', async () => {
  const cache = folder({})
  const writesThenFails: Packer = async (_spec, target) => {
    writeFileSync(join(target, 'maker-model-1.2.3.tgz'), 'half')
    return { ok: false, output: 'npm error code ENOSPC' }
  }
  await fetchPackage(wanted, cache, writesThenFails).catch(() => {})
  expect(readdirSync(cache)).toEqual([])
})
