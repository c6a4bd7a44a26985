import { describe, expect, it } from 'vitest'
import { RECORD_EVENTS } from '../../src/contract/record-events.ts'
import { VERSION } from '../../src/contract/version.ts'
import { yukue } from '../builders/command.ts'

/** Kana or ideographs: no English text has any. */
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/

const COMMANDS = [
  'scan',
  'trace',
  'print',
  'diff',
  'verify',
  'audit',
  'compare',
  'check',
  'record',
  'site',
  'key',
  'witness',
  'fsck',
  'backup',
  'restore',
  'passport',
  'sign',
  'bom',
  'card',
  'charter',
  'recall',
  'dossier',
  'serve',
  'token',
]

describe.each(COMMANDS)('the help of %s', (command) => {
  it('is in English', async () => {
    const { code, stdout, stderr } = await yukue([command, '--help'])
    expect({ code, stderr, japanese: JAPANESE.test(stdout) }).toEqual({ code: 0, stderr: '', japanese: false })
  })

  it('is in Japanese, down to the last option', async () => {
    const { stdout } = await yukue([command, '--help', '--lang', 'ja'])
    const described = stdout.split('\n').filter((line) => /^ {2}-/.test(line))
    expect(described.filter((line) => !JAPANESE.test(line))).toEqual([])
  })

  it('names its examples', async () => {
    expect((await yukue([command, '--help'])).stdout).toContain(`  yukue ${command} `)
  })
})

it('the help names every command', async () => {
  const { stdout } = await yukue(['--help'])
  expect(COMMANDS.filter((command) => !stdout.includes(`\n  ${command} `))).toEqual([])
})

it('the help is in the language of the environment', async () => {
  expect(JAPANESE.test((await yukue(['--help'], { env: { LANG: 'ja_JP.UTF-8' } })).stdout)).toBe(true)
})

it('the language asked for goes before that of the environment', async () => {
  expect(JAPANESE.test((await yukue(['scan', '--help', '--lang=en'], { env: { LANG: 'ja_JP.UTF-8' } })).stdout)).toBe(
    false,
  )
})

it('the version is told', async () => {
  expect(await yukue(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' })
})

it.each([
  ...RECORD_EVENTS.map((event) => ['record', event]),
  ['record', 'offer'],
  ['record', 'receipt'],
  ...['new', 'show', 'trust', 'distrust'].map((command) => ['key', command]),
  ...['checkpoint', 'request', 'cosign', 'accept'].map((command) => ['witness', command]),
  ...['init', 'check', 'record', 'sign', 'list', 'show', 'explain'].map((command) => ['charter', command]),
])('the help of %s %s is in Japanese, down to the last option', async (...command) => {
  const { stdout } = await yukue([...command, '--help', '--lang', 'ja'])
  const described = stdout.split('\n').filter((line) => /^ {2}-/.test(line))
  expect([described.length > 5, described.filter((line) => !JAPANESE.test(line))]).toEqual([true, []])
})
