import { acceptCosigned, cosignRequest, latestNote, witnessRequest } from '../app/witness.ts'
import { CommandError } from '../contract/command-error.ts'
import type { WitnessReport } from '../contract/witness.ts'
import { shown } from '../report/escape.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven, writeNew } from './files.ts'
import { estateFolder, signingFrom, writeJson } from './output.ts'

interface WitnessFlags extends CommonOptions {
  from?: string
  key?: string
  out?: string
}

export async function checkpointCommand(flags: WitnessFlags, context: CommandContext): Promise<void> {
  show(await latestNote(estateFolder(flags, context.streams)), flags, context)
}

export async function requestCommand(flags: WitnessFlags, context: CommandContext): Promise<void> {
  const from = flags.from ?? '0'
  if (!/^\d{1,15}$/.test(from)) throw new CommandError({ code: 'bad-number', option: '--from', value: from })
  show(await witnessRequest(Number(from), estateFolder(flags, context.streams)), flags, context)
}

export async function cosignCommand(path: string, flags: WitnessFlags, context: CommandContext): Promise<void> {
  const { streams } = context
  const location = estateFolder(flags, streams)
  show(await cosignRequest(readGiven(path), flags.key, location, signingFrom(flags, streams)), flags, context)
}

export async function acceptCommand(path: string, flags: WitnessFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const report = await acceptCosigned(readGiven(path), estateFolder(flags, streams))
  if (flags.json) return writeJson(streams, report)
  const witnesses = report.witnesses.map((name) => shown(name)).join(t('list.separator'))
  streams.stdout.write(`${t('cli.witness.accepted', { size: report.size, witnesses })}\n`)
}

/** The text is for another program: by itself on standard output, or in a file. */
function show(
  { text, ...report }: WitnessReport & { text: string },
  flags: WitnessFlags,
  { t, streams }: CommandContext,
) {
  if (flags.out !== undefined) writeNew(flags.out, text)
  if (flags.json) return writeJson(streams, { ...report, text })
  streams.stdout.write(flags.out === undefined ? text : `${t('cli.record.wrote', { path: shown(flags.out) })}\n`)
}
