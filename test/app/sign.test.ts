import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signModel, verifyFiles } from '../../src/app/sign.ts'
import { newSigningKey } from '../../src/app/signing-key.ts'
import { readGiven } from '../../src/cli/files.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

/** A Python with the reference tool, `pip install model-signing pyOpenSSL`; `.ci/run` makes one. */
const REFERENCE = process.env['YUKUE_MODEL_SIGNING'] ?? ''
const withoutReference = existsSync(REFERENCE) ? false : 'YUKUE_MODEL_SIGNING names no Python with model-signing'

/** A model of twenty files, in folders, and a key pair beside it. */
function twentyFiles(): { model: string; key: string; publicKey: string; bundle: string } {
  const shards = Array.from({ length: 14 }, (_, k) => [`model/weights/part-${k}.safetensors`, weights(k)] as const)
  const sides = ['config.json', 'tokenizer.json', 'README.md', 'a.txt', 'a/b.txt', 'a-b/c.txt'].map(
    (name) => [`model/${name}`, `${name}\n`] as const,
  )
  const { privatePem, publicPem } = newSigningKey()
  const root = folder({ ...Object.fromEntries([...shards, ...sides]), 'key.pem': privatePem, 'key.pub.pem': publicPem })
  const at = (name: string) => join(root, name)
  return { model: at('model'), key: at('key.pem'), publicKey: at('key.pub.pem'), bundle: at('model/model.sig') }
}

async function sign({ model, key, bundle }: ReturnType<typeof twentyFiles>): Promise<void> {
  const options = { pem: readGiven(key), bundle, lineage: null, estate: '' }
  writeFileSync(bundle, (await signModel(model, options)).text)
}

const check = ({ model, bundle, publicKey }: ReturnType<typeof twentyFiles>) =>
  verifyFiles(model, readGiven(bundle), readGiven(publicKey))

function reference(...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(REFERENCE, ['-m', 'model_signing', ...args], { encoding: 'utf8' })
  return { code: status, output: stdout + stderr }
}

describe('a signed model', () => {
  it('is verified under the public key', async () => {
    const set = twentyFiles()
    await sign(set)
    expect(check(set)).toMatchObject({ verdict: 'verified', files: 20, differences: [] })
  })

  it('has its changed, missing and added files named', async () => {
    const set = twentyFiles()
    await sign(set)
    writeFileSync(join(set.model, 'config.json'), 'changed')
    writeFileSync(join(set.model, 'new.txt'), 'added')
    expect(check(set).differences).toEqual([
      { name: 'config.json', change: 'changed' },
      { name: 'new.txt', change: 'added' },
    ])
  })

  it('is refused under another key', async () => {
    const set = twentyFiles()
    await sign(set)
    writeFileSync(set.publicKey, newSigningKey().publicPem)
    expect(check(set)).toMatchObject({ verdict: 'refused', signature: 'other-key' })
  })

  it('is refused where the statement was altered under its signature', async () => {
    const set = twentyFiles()
    await sign(set)
    const bundle = JSON.parse(readFileSync(set.bundle, 'utf8'))
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('config.json', 'c0nfig.json')
    bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
    writeFileSync(set.bundle, JSON.stringify(bundle))
    expect(check(set)).toMatchObject({ verdict: 'refused', signature: 'bad' })
  })
})

describe.skipIf(withoutReference)('the reference tool of OpenSSF Model Signing', { timeout: 120_000 }, () => {
  it('verifies what is signed here', async () => {
    const set = twentyFiles()
    await sign(set)
    const { code, output } = reference(
      'verify',
      'key',
      set.model,
      '--signature',
      set.bundle,
      '--public_key',
      set.publicKey,
    )
    expect([code, output]).toEqual([0, expect.stringContaining('succe')])
  })

  it('names the file that was tampered with after signing here', async () => {
    const set = twentyFiles()
    await sign(set)
    writeFileSync(join(set.model, 'tokenizer.json'), 'other')
    const { code, output } = reference(
      'verify',
      'key',
      set.model,
      '--signature',
      set.bundle,
      '--public_key',
      set.publicKey,
    )
    expect([code, output]).toEqual([1, expect.stringContaining('tokenizer.json')])
  })

  it('signs what is verified here, and the tampered file is named here', () => {
    const set = twentyFiles()
    const { code } = reference('sign', 'key', set.model, '--signature', set.bundle, '--private_key', set.key)
    const before = check(set)
    writeFileSync(join(set.model, 'weights', 'part-3.safetensors'), weights(99))
    expect([code, before.verdict, before.files, check(set).differences]).toEqual([
      0,
      'verified',
      20,
      [{ name: 'weights/part-3.safetensors', change: 'changed' }],
    ])
  })
})
