import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { diff } from '../app/diff.ts'
import { diffReportOf } from '../app/diff-report.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { renderDiffPage } from '../report/diff-page.ts'
import { renderDiffText } from '../report/diff-report.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'
import { progressOn } from './progress.ts'
import { threadsFrom } from './threads.ts'

interface DiffFlags extends CommonOptions {
  as?: string[]
  html?: string
  threads?: string
}

export async function diffCommand(
  parent: string,
  child: string,
  flags: DiffFlags,
  context: CommandContext,
): Promise<void> {
  const { t, streams } = context
  const progress = progressOn(streams.stderr, t, flags.quiet ?? false)
  const options = { estate: estateFolder(flags, streams), as: flags.as ?? [], threads: threadsFrom(flags.threads) }
  const report = diffReportOf(await diff(parent, child, options, progress), t)
  progress.done()
  if (flags.html) {
    const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
    const generated = `${new Date().toISOString().replace('T', ' ').slice(0, 16)} UTC`
    writePage(flags.html, renderDiffPage(report, { t, language, generated, version: VERSION }))
  }
  if (flags.json) return writeJson(streams, report)
  streams.stdout.write(renderDiffText(report, textOptions(flags, context)))
  if (flags.html) streams.stdout.write(`${t('progress.written', { path: resolve(flags.html) })}\n`)
}

function writePage(path: string, html: string): void {
  try {
    writeFileSync(path, html)
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path, reason: String(error) })
  }
}
