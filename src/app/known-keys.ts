import { join } from 'node:path'
import { stampOf } from '../read/file-source.ts'
import { isPostgresUrl } from '../store/postgres.ts'
import { viewOf } from './ledger-view.ts'
import { withEstate } from './with-estate.ts'

/** The ids of keys that an estate trusts; none where there is no estate, and none is made by asking. */
export async function knownKeys(location: string): Promise<Set<string>> {
  if (!isPostgresUrl(location) && stampOf(join(location, 'estate.sqlite')) === null) return new Set()
  return withEstate(location, async (estate) => {
    const { trust } = await viewOf(estate, null)
    return new Set([...trust.values()].filter(({ revoked }) => revoked === null).map(({ id }) => id))
  })
}
