import { dirname, posix, relative, resolve, sep } from 'node:path'
import { PRINT_VERSION } from '../contract/print.ts'
import { VERSION } from '../contract/version.ts'
import type { Candidate } from '../read/artifact.ts'
import { type Discovery, discover } from '../read/discover.ts'
import type { FileStamp } from '../read/file-source.ts'
import type { Hint } from '../read/raw.ts'
import type { SeenPlace, Sighting, Sightings } from '../read/sighting.ts'
import type { Estate } from '../store/estate.ts'
import { sameFile } from '../store/files.ts'
import type { FileKey } from '../store/records.ts'
import type { SightingRecord } from '../store/sightings.ts'
import { isKnown, type KnownPlaces } from './known-artifacts.ts'

/** Another version may recognise what this one passes over. */
const RULES = `${VERSION} ${PRINT_VERSION}`

/** Discovers artifacts; files that are as an earlier scan saw them are not opened. */
export async function discoverKnown(
  estate: Estate,
  roots: readonly string[],
  hints: readonly Hint[],
  known: KnownPlaces,
  within: readonly string[] | null = null,
): Promise<Discovery> {
  const before = new Map<string, SightingRecord>()
  for (const root of roots)
    for (const [path, sighting] of await estate.sightings(resolve(root), RULES)) before.set(path, sighting)
  const met = new Set<string>()
  const seen: Sightings = {
    of(absolutePath, stamp) {
      const sighting = before.get(absolutePath)
      if (sighting) met.add(absolutePath)
      return sighting && sameFile(sighting, keyOf(absolutePath, stamp)) ? placesIn(sighting) : null
    },
    partsOf: (candidate) => partsOf(candidate, known),
  }
  const discovery = discover(roots, hints, seen, within)
  const lost = hints.length > 0 ? [] : [...before.keys()].filter((path) => !met.has(path))
  if (discovery.sightings.length + lost.length > 0)
    await estate.recordSightings(discovery.sightings.map(recordOf), RULES, lost)
  return discovery
}

/** Most files are one model each. */
function placesIn({ found }: SightingRecord): SeenPlace[] {
  return found.startsWith('[') ? JSON.parse(found) : [{ inner: '', format: found as SeenPlace['format'] }]
}

function recordOf({ absolutePath, stamp, found }: Sighting): SightingRecord {
  const [first, ...others] = found
  const isPlain = first?.inner === '' && others.length === 0
  return { ...keyOf(absolutePath, stamp), found: isPlain ? first.format : JSON.stringify(found) }
}

function keyOf(path: string, { size, mtimeNs, inode, device }: FileStamp): FileKey {
  return { path, bytes: size, mtimeNs, inode, device }
}

/** An index names the same shards as long as it and they are unchanged; what else names files is read again. */
function partsOf(
  candidate: Candidate,
  known: KnownPlaces,
): ReturnType<NonNullable<Parameters<typeof discover>[2]>['partsOf']> {
  const artifact = isKnown(candidate, known)
  if (!artifact) return null
  return artifact.files
    .filter(({ path }) => path !== candidate.absolutePath)
    .map(({ path }) => {
      const beside = relative(dirname(candidate.absolutePath), path).split(sep).join('/')
      return { path: posix.join(posix.dirname(candidate.path), beside), absolutePath: path }
    })
}
