import { resolve } from 'node:path'
import { type GivenFile, takeReceipt } from '../app/receipt.ts'
import { type RecordOptions, record } from '../app/record.ts'
import { CommandError } from '../contract/command-error.ts'
import type { RecordEvent } from '../contract/record-events.ts'
import { shown } from '../report/escape.ts'
import { renderReceiptText, renderRecordText } from '../report/record-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { digestOfFile, readGiven, writeNew } from './files.ts'
import { estateFolder, signingFrom, textOptions, writeJson } from './output.ts'

export interface RecordFlags
  extends CommonOptions,
    Omit<RecordOptions, 'event' | 'model' | 'report' | 'claims' | 'metrics'> {
  claim?: string[]
  metric?: string[]
  report?: string
  model?: string
  out?: string
}

/** `yukue record EVENT MODEL`; an offer is a hand-over whose statement is also written to a file. */
export async function recordCommand(
  event: RecordEvent | 'offer',
  model: string,
  flags: RecordFlags,
  context: CommandContext,
): Promise<void> {
  const { streams, t } = context
  const { claim, metric, report, place, ...plain } = flags
  const out = flags.out ?? (event === 'offer' ? `${fileName(model)}.offer.json` : undefined)
  const options: RecordOptions = {
    ...plain,
    event: event === 'offer' ? 'handed-over' : event,
    model,
    claims: claim,
    metrics: metric,
    place: place === undefined ? undefined : resolve(streams.cwd(), place),
    report: report === undefined ? undefined : digestOfFile(report),
  }
  const { envelopes, ...done } = await record(options, estateFolder(flags, streams), signingFrom(flags, streams))
  if (out !== undefined) writeNew(out, `${envelopes.join('\n')}\n`)
  if (flags.json) return writeJson(streams, { ...done, ...(out === undefined ? {} : { file: out }) })
  streams.stdout.write(renderRecordText(done, textOptions(flags, context)))
  if (out !== undefined) streams.stdout.write(`${t('cli.record.wrote', { path: shown(out) })}\n`)
}

/** `yukue record receipt FILE` */
export async function receiptCommand(path: string, flags: RecordFlags, context: CommandContext): Promise<void> {
  const { streams, t } = context
  const file: GivenFile = readGiven(path)
  const options = { key: flags.key, model: flags.model }
  const location = estateFolder(flags, streams)
  const { envelope, ...done } = await takeReceipt(file, options, location, signingFrom(flags, streams))
  const out = flags.out ?? (done.side === 'receiver' ? receiptName(path) : undefined)
  if (out !== undefined) writeNew(out, `${envelope}\n`)
  if (flags.json) return writeJson(streams, { ...done, ...(out === undefined ? {} : { file: out }) })
  streams.stdout.write(renderReceiptText(done, textOptions(flags, context)))
  if (out !== undefined) streams.stdout.write(`${t('cli.record.wrote', { path: shown(out) })}\n`)
}

function fileName(model: string): string {
  const [last = ''] = model.split(/[\\/]/).slice(-1)
  const name = last.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)
  if (name === '') throw new CommandError({ code: 'missing-option', option: '--out' })
  return name
}

function receiptName(path: string): string {
  return `${path.replace(/(\.offer)?\.json$/, '')}.receipt.json`
}
