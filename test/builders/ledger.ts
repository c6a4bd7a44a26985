import { join } from 'node:path'
import { type RecordOptions, record } from '../../src/app/record.ts'
import { withEstate } from '../../src/app/with-estate.ts'
import type { Estate } from '../../src/store/estate.ts'
import type { ScanRecord } from '../../src/store/records.ts'
import { idOf, locationOf, scanOf, temporaryFolder } from './estate.ts'

/** A place where an estate is kept, with a clock that goes on by an hour at each step. */
export interface LedgerPlace {
  folder: string
  location: string
  /** The clock's time, RFC 3339. */
  time(): string
  step(): void
  record(options: RecordOptions): ReturnType<typeof record>
  scan(found: Record<string, string>, more?: Partial<ScanRecord>): Promise<void>
  work<T>(work: (estate: Estate) => Promise<T>): Promise<T>
  signing: { now(): Date }
}

const START = Date.parse('2026-01-01T00:00:00.000Z')
const HOUR = 3_600_000

export async function ledgerPlace(): Promise<LedgerPlace> {
  const folder = join(temporaryFolder(), 'estate')
  const location = await locationOf(folder)
  let hours = 0
  const signing = { now: () => new Date(START + hours * HOUR) }
  const time = () => signing.now().toISOString()
  return {
    folder,
    location,
    time,
    step: () => {
      hours++
    },
    signing,
    record: (options) => record(options, location, signing),
    scan: (found, more = {}) =>
      withEstate(
        location,
        async (estate) => {
          await estate.recordScan(scanOf(found, { started: time(), finished: time(), ...more }))
        },
        signing,
      ),
    work: (work) => withEstate(location, work, signing),
  }
}

export const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(idOf) as [string, string, string, string]
