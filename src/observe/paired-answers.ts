import type { PairCell } from './flips.ts'
import type { Paired } from './paired-log.ts'
import { byCodePoint } from './tally.ts'

/** More flipped inputs than a person looks through. */
const MAX_FLIPPED = 1_000

/** Pairs the answers of two models that were asked the same inputs. An input without a right answer is left out where others have one. */
export function pairAnswers(
  parent: ReadonlyMap<string, string>,
  child: ReadonlyMap<string, string>,
  truths: ReadonlyMap<string, string | null>,
  groups: ReadonlyMap<string, readonly (string | null)[]>,
): Paired {
  const hasTruth = [...truths.values()].some((truth) => truth !== null)
  const cells: PairCell[] = []
  const flipped: Paired['flipped'] = []
  let missing = 0
  for (const [key, before] of parent) {
    const after = child.get(key) ?? ''
    const truth = truths.get(key) ?? null
    if (hasTruth && truth === null) {
      missing++
      continue
    }
    const changed = !same(before, after)
    const right = (answer: string) => (truth === null ? null : same(answer, truth))
    cells.push({ parentRight: right(before), childRight: right(after), changed, groups: groups.get(key) ?? [], n: 1 })
    if (changed) flipped.push({ key, parent: before, child: after, truth })
  }
  flipped.sort((a, b) => rank(a) - rank(b) || byCodePoint(a.key, b.key))
  const leftOut = missing > 0 ? [{ reason: 'truth-missing', n: missing }] : []
  return { cells, flipped: flipped.slice(0, MAX_FLIPPED), leftOut }
}

/** 1 and 1.0 are one answer. */
function same(a: string, b: string): boolean {
  return a === b || (a.trim() !== '' && b.trim() !== '' && Number(a) === Number(b))
}

/** What became wrong comes first. */
function rank({ parent, child, truth }: Paired['flipped'][number]): number {
  if (truth === null) return 2
  return same(parent, truth) ? 0 : same(child, truth) ? 1 : 2
}
