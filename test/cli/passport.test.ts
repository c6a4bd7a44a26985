import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

/** A sender's folder with a passport in it, and the line of the sender's key. */
async function sent(): Promise<{ cwd: string; passport: string; key: string }> {
  const cwd = folder({ 'chat.safetensors': weights(1) })
  await yukue(['scan', '.', '-q'], { cwd })
  await yukue(['key', 'new', 'vendor', '--actor', 'Vendor Ltd'], { cwd })
  await yukue(['passport', 'chat', '--key', 'vendor'], { cwd })
  const { public: key } = JSON.parse(readFileSync(join(cwd, '.yukue', 'keys', 'vendor.key'), 'utf8'))
  return { cwd, passport: join(cwd, 'chat.yukuepassport'), key }
}

it('a passport is made, sent, checked in an empty folder, and leaves nothing there', async () => {
  const { passport, key } = await sent()
  const cwd = folder({})
  const { code, stdout, stderr } = await yukue(['verify', passport, '--key', key, '--json'], { cwd })
  expect([code, JSON.parse(stdout).verdict, stderr, existsSync(join(cwd, '.yukue'))]).toEqual([
    0,
    'verified',
    '',
    false,
  ])
})

it('without a key the exit code is 2, of an altered passport 1', async () => {
  const { passport, key } = await sent()
  const undecided = await yukue(['verify', passport])
  writeFileSync(passport, readFileSync(passport, 'utf8').replace('"name":"chat"', '"name":"chap"'))
  const refused = await yukue(['verify', passport, '--key', key])
  expect([undecided.code, refused.code]).toEqual([2, 1])
})

it('what is neither passport nor model is refused in one line', async () => {
  const cwd = folder({ 'notes.txt': 'no passport' })
  const { code, stderr } = await yukue(['verify', 'notes.txt'], { cwd })
  expect([code, stderr.trim().split('\n').length, stderr]).toEqual([
    2,
    1,
    expect.stringContaining('notes.txt cannot be used'),
  ])
})

it('a passport is never written over another file', async () => {
  const { cwd } = await sent()
  const { code, stderr } = await yukue(['passport', 'chat'], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining('could not be written')])
})
