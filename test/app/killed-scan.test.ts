import { join } from 'node:path'
import { expect, it } from 'vitest'
import { killed, yukueProcess } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

it('a scan that goes on where killed ones stopped tells what an undisturbed one tells', {
  timeout: 60_000,
}, async () => {
  // more files than are written to the record at once (256), copies of 16 models, stored in two ways
  const files = Array.from({ length: 300 }, (_, k) => {
    const copy = k % 3 === 0 ? ({ type: 'bf16', as: 'f32' } as const) : ({ type: 'bf16' } as const)
    return [`${k}.safetensors`, weights(k % 16, { ...copy, width: 24 })] as const
  })
  const root = folder(Object.fromEntries(files))
  const scan = (estate: string) => ['scan', root, '--json', '--quiet', '--estate', estate]
  const started = Date.now()
  const undisturbed = yukueProcess(scan(folder({}))).stdout
  const taken = Date.now() - started
  const estate = join(folder({}), 'killed')
  const shares = [0.4, 0.55, 0.65, 0.75, 0.85]
  const wereRunning = []
  for (const share of shares) wereRunning.push(await killed(scan(estate), taken * share))
  expect([wereRunning.includes(true), yukueProcess(scan(estate)).stdout]).toEqual([true, undisturbed])
})
