import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { trace } from '../../src/app/trace.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { folder } from '../builders/folder.ts'
import { scanned } from '../builders/scan.ts'
import { weights } from '../builders/weights.ts'

/** A model, its rounded copy in two places, and a stranger; scanned. */
async function scannedFamily(): Promise<string> {
  const half = weights(1, { type: 'f16' })
  const files = { 'a.safetensors': weights(1), 'half.safetensors': half, 'copy/half.safetensors': half }
  const root = folder({ ...files, 'stranger.safetensors': weights(2) })
  await scanned([root])
  return root
}

const names = (steps: { model: { name: string } }[]) => steps.map(({ model }) => model.name)

describe('a trace', () => {
  it('leads from a child to its parent', async () => {
    const root = await scannedFamily()
    const { ancestors, descendants } = await trace(join(root, 'half.safetensors'), join(root, '.yukue'))
    expect([names(ancestors), names(descendants)]).toEqual([['a'], []])
  })

  it('leads from a parent to its child', async () => {
    const root = await scannedFamily()
    const { ancestors, descendants } = await trace(join(root, 'a.safetensors'), join(root, '.yukue'))
    expect([names(ancestors), names(descendants)]).toEqual([[], ['half']])
  })

  it('leads nowhere from a stranger', async () => {
    const root = await scannedFamily()
    const { ancestors, descendants, relatives } = await trace('stranger', join(root, '.yukue'))
    expect([ancestors, descendants, relatives]).toEqual([[], [], []])
  })

  it('tells all places of a model', async () => {
    const root = await scannedFamily()
    const { places } = await trace('half', join(root, '.yukue'))
    expect(places.map(({ path }) => path)).toEqual([
      join(root, 'copy/half.safetensors'),
      join(root, 'half.safetensors'),
    ])
  })

  it('leaves out places where a model is no more', async () => {
    const root = await scannedFamily()
    rmSync(join(root, 'half.safetensors'))
    await scanned([root])
    const { places } = await trace('half', join(root, '.yukue'))
    expect(places.map(({ path }) => path)).toEqual([join(root, 'copy/half.safetensors')])
  })

  it('of a model that nobody has seen is refused', async () => {
    await expect(trace('nobody', join(folder({}), '.yukue'))).rejects.toBeInstanceOf(CommandError)
  })
})
