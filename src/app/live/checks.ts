import type { ChecksReport, Verdict } from '../../contract/check.ts'
import { LANGUAGES, type Language } from '../../report/language.ts'
import type { LiveEstate } from './live-estate.ts'
import { runTask } from './run-task.ts'

/** What rules and charters say of the whole estate, when the log had `size` statements. */
export interface Checked {
  report: ChecksReport
  size: number
}

/** Checks of the whole estate, made when they are asked for and kept until the log goes on. */
export interface Checks {
  /** Now: the latest there is where a newer one takes long. */
  now(language: Language): Promise<Checked>
  /** As of a past day or time. */
  asOf(time: string, language: Language): Promise<Checked>
  /** Verdicts of models by the latest check; of none before there was one. */
  verdicts(): ReadonlyMap<string, Verdict>
  /** By which answers that rest on the latest check are told apart. */
  state(): string
}

/** A log of so many statements about so many models is read and judged at once; a longer one in a thread of its own. */
const [SHORT_LOG, FEW_MODELS] = [3_000, 300]

/** How long whoever asks waits for a check of the log as it is, where there is an earlier one to show. */
const PATIENCE_MS = 1_500

/** While the log goes on all the time, checks take a fifth of one processor at most. */
const REST = 4

/** Checks of past days that are kept. */
const MAX_PAST = 8

interface Kept extends Checked {
  day: string
  /** When it was ready, and how long it took. */
  at: number
  took: number
}

export function checksOf(live: LiveEstate): Checks {
  const kept = new Map<Language, Kept>()
  const running = new Map<Language, Promise<Kept>>()
  const past = new Map<string, Promise<Checked>>()
  /** The log went on while it was checked last: to wait for another check would not show its end either. */
  let isBusy = false

  const check = async (language: Language, asOf: string | null): Promise<Kept> => {
    const { size } = await live.chronicle()
    const began = performance.now()
    const { passphrase } = live.signing
    const common = { estate: live.location, passphrase, threads: 0, within: [], language }
    const result = await runTask(
      { kind: 'check', asOf, now: live.now().toISOString(), ...common },
      () => {},
      size <= SHORT_LOG && (await live.catalogue()).models.length <= FEW_MODELS,
    ).result
    if (result.kind !== 'check') throw new Error(`a ${result.kind} is no check`)
    const at = performance.now()
    isBusy = (await live.chronicle()).size !== size
    return { report: result.report, size, day: live.today(), at, took: at - began }
  }
  const renew = (language: Language): Promise<Kept> => {
    const known = running.get(language)
    if (known) return known
    const made = check(language, null)
    running.set(language, made)
    made.then((fresh) => kept.set(language, fresh)).catch(() => {})
    made.finally(() => running.delete(language)).catch(() => {})
    return made
  }
  return {
    async now(language) {
      const { size } = await live.chronicle()
      const last = kept.get(language)
      if (last === undefined || last.day !== live.today()) return renew(language)
      if (last.size === size || performance.now() - last.at < REST * last.took) return last
      const fresh = renew(language)
      return isBusy ? last : Promise.race([fresh, later(last)])
    },
    async asOf(time, language) {
      const { size } = await live.chronicle()
      const key = `${size} ${language} ${time}`
      const known = past.get(key)
      if (known) return known
      const made = check(language, time)
      past.set(key, made)
      made.catch(() => past.delete(key))
      if (past.size > MAX_PAST) past.delete(past.keys().next().value!)
      return made
    },
    verdicts() {
      const last = latest(kept)
      return new Map(last?.report.checks.map(({ subject, verdict }) => [subject, verdict]) ?? [])
    },
    state: () => LANGUAGES.map((language) => kept.get(language)?.size ?? '').join(),
  }
}

function latest(kept: ReadonlyMap<Language, Kept>): Kept | null {
  return [...kept.values()].reduce<Kept | null>(
    (last, each) => (last === null || each.at > last.at ? each : last),
    null,
  )
}

function later(last: Kept): Promise<Kept> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, last).unref())
}
