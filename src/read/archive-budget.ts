import { ARCHIVE_GROWTH_FREE, MAX_ARCHIVE_GROWTH, MAX_ARCHIVE_MEMBERS } from './limits.ts'
import { readError } from './read-error.ts'

/** What one archive may still cost, with everything inside it: the defence against bombs, also those in layers. */
export interface Budget {
  /** Throws `limit` when a member of `bytes` is one too many or too large. */
  spend(path: string, bytes: number): void
  /** True the first time: that archives nest too deep is told once of all there are. */
  isFirstTooDeep(): boolean
}

export function budgetFor(archiveBytes: number): Budget {
  const most = archiveBytes * MAX_ARCHIVE_GROWTH + ARCHIVE_GROWTH_FREE
  let members = 0
  let total = 0
  let tooDeep = 0
  return {
    isFirstTooDeep: () => tooDeep++ === 0,
    spend(path, bytes) {
      members++
      total += bytes
      if (members > MAX_ARCHIVE_MEMBERS)
        throw readError(path, 'limit', {
          what: 'archive members',
          value: `${members}`,
          limit: `${MAX_ARCHIVE_MEMBERS}`,
        })
      if (!(total <= most))
        throw readError(path, 'limit', { what: 'unpacked bytes', value: `${total}`, limit: `${most}` })
    },
  }
}
