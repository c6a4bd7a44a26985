import { expect, it } from 'vitest'
import { openPostgres } from '../../src/store/postgres.ts'
import { POSTGRES } from '../builders/estate.ts'

it.skipIf(POSTGRES === null)(
  `PostgreSQL keeps an estate (${POSTGRES === null ? 'skipped: run npm run test:postgres, which starts one' : 'here'})`,
  async () => {
    const database = await openPostgres(POSTGRES!)
    await database.close()
    expect(database.kind).toBe('postgres')
  },
)

it('A PostgreSQL that is not there is unusable, and its password is not told', async () => {
  const error = await openPostgres('postgres://me:secret@127.0.0.1:9/estate').catch((reason) => reason)
  expect([error.code, error.message.includes('secret'), error.path]).toEqual([
    'estate-unusable',
    false,
    'postgres://127.0.0.1:9/estate',
  ])
})
