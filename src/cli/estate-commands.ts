import { resolve } from 'node:path'
import { backupEstate, restoreEstate } from '../app/backup.ts'
import { fsck } from '../app/fsck.ts'
import { site } from '../app/site.ts'
import { shown } from '../report/escape.ts'
import { renderFsckText } from '../report/fsck-text.ts'
import { renderSiteText } from '../report/site-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven } from './files.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'

interface FsckFlags extends CommonOptions {
  checkpoint?: string[]
  quick?: boolean
}

/** Between two lines of progress. */
const TOLD_MS = 1_000

/** Exit code 1 where anything is wrong. */
export async function fsckCommand(flags: FsckFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  let told = Date.now()
  const report = await fsck(estateFolder(flags, streams), {
    checkpoints: (flags.checkpoint ?? []).map((path) => readGiven(path)),
    quick: flags.quick ?? false,
    onProgress(done, size) {
      if (flags.quiet || Date.now() - told < TOLD_MS) return
      told = Date.now()
      streams.stderr.write(`${t('cli.fsck.progress', { done, size })}\n`)
    },
  })
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderFsckText(report, textOptions(flags, context)))
  context.exit(report.faults.length > 0 ? 1 : 0)
}

/** Exit code 1 where a site is not as approved, 2 where that cannot be told. */
export async function siteCommand(name: string, flags: CommonOptions, context: CommandContext): Promise<void> {
  const report = await site(name, estateFolder(flags, context.streams))
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderSiteText(report, textOptions(flags, context)))
  const codes = { 'as-approved': 0, ended: 0, changed: 1, 'not-seen': 2, 'not-comparable': 2 }
  context.exit(codes[report.verdict])
}

export async function backupCommand(path: string, flags: CommonOptions, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const file = resolve(streams.cwd(), path)
  const rows = await backupEstate(file, estateFolder(flags, streams))
  if (flags.json) return writeJson(streams, { schema: 'yukue.backup-done/1', path: file, rows })
  streams.stdout.write(`${t('cli.backup.done', { path: shown(file), rows })}\n`)
}

export async function restoreCommand(path: string, flags: CommonOptions, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const file = resolve(streams.cwd(), path)
  const rows = await restoreEstate(file, estateFolder(flags, streams))
  if (flags.json) return writeJson(streams, { schema: 'yukue.restore-done/1', path: file, rows })
  streams.stdout.write(`${t('cli.restore.done', { path: shown(file), rows })}\n`)
}
