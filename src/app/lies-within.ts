import { realPathOf } from '../read/file-source.ts'
import { INSIDE } from '../read/member-name.ts'
import { isWithin } from '../read/walk.ts'
import type { KnownArtifact } from '../store/records.ts'

/** Whether all files of an artifact lie in these folders (real paths), links followed; what is not there lies nowhere. */
export function liesWithin(
  { path, files, sideFiles }: Pick<KnownArtifact, 'path' | 'files' | 'sideFiles'>,
  within: readonly string[] | undefined,
): boolean {
  if (within === undefined) return true
  return [path, ...[...files, ...sideFiles].map((file) => file.path)].every((each) => {
    const real = realPathOf(each.split(INSIDE)[0]!)
    return real !== null && isWithin(real, within)
  })
}
