import { FSCK_CODES, type FsckCode, type FsckReport } from '../contract/fsck.ts'

/** Of each kind; a rolled-over log would otherwise tell the same a million times. */
const MAX_FAULTS = 100

export interface Faults {
  add(code: FsckCode, at: number | null, detail?: string | null): void
}

/** Where a check puts what it finds, and what it has found. */
export function faultList(): { faults: Faults; collected(): Pick<FsckReport, 'faults' | 'more'> } {
  const list: FsckReport['faults'] = []
  const counts = new Map<FsckCode, number>()
  // one page that is damaged is met again and again
  const told = new Set<string>()
  return {
    faults: {
      add(code, at, detail = null) {
        const key = JSON.stringify([code, at, detail])
        if (told.size <= MAX_FAULTS * FSCK_CODES.length && told.has(key)) return
        if (told.size < MAX_FAULTS * FSCK_CODES.length) told.add(key)
        const count = (counts.get(code) ?? 0) + 1
        counts.set(code, count)
        if (count <= MAX_FAULTS) list.push({ code, at, detail })
      },
    },
    collected: () => ({
      faults: list,
      more: Object.fromEntries([...counts].flatMap(([code, n]) => (n > MAX_FAULTS ? [[code, n - MAX_FAULTS]] : []))),
    }),
  }
}
