import { expect, it } from 'vitest'
import { yukueProcess, yukueToHead } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

// The program itself: everything else about its commands is tried in this process (test/builders/command.ts).
const mixed = () => folder({ 'a.safetensors': weights(1), 'bad.safetensors': '{' })

it.each([
  { what: 'a scan', args: ['scan', '.'], code: 0 },
  { what: 'a strict scan with a problem', args: ['scan', '.', '--strict'], code: 1 },
  { what: 'a scan of nothing', args: ['scan', 'nowhere'], code: 2 },
  { what: 'an unknown command', args: ['scna'], code: 2 },
  { what: 'the help', args: ['--help'], code: 0 },
])('$what exits with $code', ({ args, code }) => {
  expect(yukueProcess(args, { cwd: mixed() }).code).toBe(code)
})

it('a quiet scan writes JSON to stdout and nothing to stderr', () => {
  const { stdout, stderr } = yukueProcess(['scan', '.', '--json', '--quiet'], { cwd: mixed() })
  expect([JSON.parse(stdout).models.length, stderr]).toEqual([1, ''])
})

it('ends quietly when nobody reads on', () => {
  const cwd = folder(Object.fromEntries(Array.from({ length: 800 }, (_, k) => [`${k}.safetensors`, '{'])))
  const { stdout, stderr } = yukueToHead(['scan', '.', '--json', '--quiet'], { cwd })
  expect([stdout, stderr]).toEqual(['{\n "schema', expect.stringMatching(/^yukue: Nothing could be scanned[^\n]*\n$/)])
})
