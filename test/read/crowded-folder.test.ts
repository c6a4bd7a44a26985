import { expect, it, vi } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { folder } from '../builders/folder.ts'
import { safetensors } from '../builders/safetensors.ts'

vi.mock('../../src/read/limits.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../../src/read/limits.ts')>()),
  MAX_FOLDER_ENTRIES: 3,
}))

const model = safetensors({ w: { shape: [4] } })

it('a folder with more files than any store of models is one problem, and the others are looked at', () => {
  const root = folder({
    'crowd/1': '',
    'crowd/2': '',
    'crowd/3': '',
    'crowd/m.safetensors': model,
    'm.safetensors': model,
  })
  expect(discover([root], [])).toMatchObject({
    candidates: [{ path: 'm.safetensors' }],
    problems: [{ path: 'crowd', code: 'crowded-folder', values: { limit: 3 } }],
  })
})

it('a folder of just so many files is looked at', () => {
  const root = folder({ 'crowd/1': '', 'crowd/2': '', 'crowd/m.safetensors': model })
  expect(discover([root], [])).toMatchObject({ candidates: [{ path: 'crowd/m.safetensors' }], problems: [] })
})
