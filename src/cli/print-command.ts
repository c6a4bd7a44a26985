import { writeFileSync } from 'node:fs'
import { exportPrint, importPrints } from '../app/print.ts'
import { CommandError } from '../contract/command-error.ts'
import { PRINT_EXTENSION } from '../contract/print.ts'
import { shown } from '../report/escape.ts'
import { shortId } from '../report/figures.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, signingFrom, writeJson } from './output.ts'
import { threadsFrom } from './threads.ts'

interface PrintFlags extends CommonOptions {
  as?: string[]
  import?: string[]
  out?: string
  share?: boolean
}

export async function printCommand(
  model: string | undefined,
  flags: PrintFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.import) return importAll(flags, context)
  if (model === undefined) throw new CommandError({ code: 'no-model-given' })
  const { t, streams } = context
  const estate = estateFolder(flags, streams)
  const { name, print, bytes, leftOut } = await exportPrint(model, {
    estate,
    as: flags.as ?? [],
    share: flags.share ?? false,
    threads: threadsFrom(undefined),
  })
  const path = flags.out ?? `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}${PRINT_EXTENSION}`
  write(path, bytes)
  const { id, layout, tensors } = print
  if (flags.json)
    return writeJson(streams, { schema: 'yukue.print-export/1', id, layout, name, path, bytes: bytes.length, leftOut })
  streams.stdout.write(
    `${t('cli.print.wrote', { name: shown(name), id: shortId(id), path: shown(path), tensors: tensors.length, bytes: bytes.length })}\n`,
  )
  if (leftOut > 0) streams.stdout.write(`${t('cli.print.leftOut', { count: leftOut })}\n`)
}

async function importAll(flags: PrintFlags, { t, streams }: CommandContext): Promise<void> {
  const models = await importPrints(flags.import ?? [], estateFolder(flags, streams), signingFrom(flags, streams))
  if (flags.json) return writeJson(streams, { schema: 'yukue.print-import/1', models })
  for (const { id, name, path } of models)
    streams.stdout.write(`${t('cli.print.imported', { name: shown(name), id: shortId(id), path: shown(path) })}\n`)
}

function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes)
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path, reason: String(error) })
  }
}
