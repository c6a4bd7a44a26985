import { recordResult } from '../app/record-result.ts'
import type { Result } from '../app/result-summary.ts'
import { CommandError } from '../contract/command-error.ts'
import type { RecordedResult, ResultSummary } from '../contract/result.ts'
import { renderRecordedText } from '../report/result-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, signingFrom, textOptions } from './output.ts'

/** What a result is of, as options and the log say. */
export interface RecordFlags {
  model: string | null
  parent: string | null
  site: string | null
  said?: { model: string | null; site: string | null }
  key: string | undefined
}

const RECORD_OPTIONS = {
  recordModel: '--record-model',
  recordParent: '--record-parent',
  recordSite: '--record-site',
  recordKey: '--record-key',
} as const

/** Whether the result is to be entered; what says of which model it is, without that, is a forgotten `--record`. */
export function isToBeRecorded(
  flags: { record?: boolean; fromLedger?: boolean } & Partial<Record<keyof typeof RECORD_OPTIONS, string>>,
) {
  const given = (Object.keys(RECORD_OPTIONS) as (keyof typeof RECORD_OPTIONS)[]).find(
    (name) => flags[name] !== undefined && !(name === 'recordModel' && flags.fromLedger),
  )
  if (given !== undefined && !flags.record)
    throw new CommandError({ code: 'option-needed', option: '--record', because: RECORD_OPTIONS[given] })
  return flags.record ?? false
}

/** Enters a result into the log (`--record`). */
export function recordedFrom(
  result: Result,
  { model, parent, site, said = { model: null, site: null }, key }: RecordFlags,
  flags: CommonOptions,
  { streams }: CommandContext,
): Promise<RecordedResult> {
  if (model === null) throw new CommandError({ code: 'option-needed', option: '--record-model', because: '--record' })
  const measurement = { result, model, parent, site, said }
  return recordResult(measurement, key, estateFolder(flags, streams), signingFrom(flags, streams))
}

/** The result as `--json` has it, with where it was entered. */
export function withRecorded<T extends Result>(result: T, recorded: RecordedResult | null) {
  return recorded === null ? result : { ...result, recorded }
}

export function sayRecorded(
  recorded: RecordedResult | null,
  kind: ResultSummary['kind'],
  flags: CommonOptions,
  context: CommandContext,
): void {
  if (recorded === null || flags.json) return
  context.streams.stdout.write(renderRecordedText(recorded, kind, textOptions(flags, context)))
}
