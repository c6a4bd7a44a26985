import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { listCharters, recordCharter, showCharter } from '../app/charter.ts'
import { explainCharter } from '../app/charter-explain.ts'
import type { GivenFile } from '../app/receipt.ts'
import { MAX_CHARTER_TEXT } from '../contract/charter.ts'
import type { CharterExplained } from '../contract/charter-reports.ts'
import { VERSION } from '../contract/version.ts'
import { renderCharterPage } from '../report/charter-page.ts'
import { renderCharterList, renderCharterShown, renderCharterText } from '../report/charter-text.ts'
import { shown } from '../report/escape.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven } from './files.ts'
import { estateFolder, signingFrom, textOptions, writeJson, writePage } from './output.ts'

interface CharterFlags extends CommonOptions {
  key?: string
  version?: string
  asOf?: string
  model?: string
  site?: string
  html?: string
}

/** A character takes four bytes at most; the text itself is measured again in characters. */
const MAX_BYTES = MAX_CHARTER_TEXT * 4

function charterFile(path: string, { streams }: CommandContext): GivenFile {
  return { path, text: readGiven(resolve(streams.cwd(), path), MAX_BYTES).text }
}

function languageOf({ lang }: CommonOptions, { streams }: CommandContext): Language {
  return chooseLanguage(lang as Language | undefined, streams.env)
}

/** Held against a model: exit code 1 where it departs, 2 where that cannot be decided. */
export async function checkCharterCommand(path: string, flags: CharterFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const { model, site, asOf } = flags
  const charter = charterFile(path, context)
  const options = { charter, model, site, asOf, language: languageOf(flags, context) }
  const report = await explainCharter(options, estateFolder(flags, streams))
  context.exit(exitCode(report))
  if (flags.json) return writeJson(streams, { ...report, schema: 'yukue.charter-check/1' })
  streams.stdout.write(`${t('charter.good', { path: shown(path) })}\n\n`)
  streams.stdout.write(renderCharterText(report, textOptions(flags, context)))
}

function exitCode({ held }: CharterExplained): number {
  if (held.some(({ check }) => check.verdict === 'departs')) return 1
  return held.some(({ check }) => check.verdict === 'undecided') ? 2 : 0
}

export async function recordCharterCommand(path: string, flags: CharterFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const { key } = flags
  const done = await recordCharter(
    charterFile(path, context),
    { key },
    estateFolder(flags, streams),
    signingFrom(flags, streams),
  )
  if (flags.json) return writeJson(streams, done)
  const { name, version, from, statement: number, entered } = done
  streams.stdout.write(
    `${entered ? t('charter.recorded', { name, version, number, from }) : t('charter.same', { name, version })}\n`,
  )
}

export async function listChartersCommand(flags: CharterFlags, context: CommandContext): Promise<void> {
  const report = await listCharters(estateFolder(flags, context.streams), flags.asOf ?? null)
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderCharterList(report, textOptions(flags, context)))
}

export async function showCharterCommand(name: string, flags: CharterFlags, context: CommandContext): Promise<void> {
  const { version, asOf } = flags
  const report = await showCharter(name, { version, asOf }, estateFolder(flags, context.streams))
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderCharterShown(report, context.t))
}

/** Of a file, or of a charter on record; exit codes as for the check. */
export async function explainCharterCommand(name: string, flags: CharterFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const { model, site, asOf, version } = flags
  const isFile = version === undefined && existsSync(resolve(streams.cwd(), name))
  const charter = isFile ? charterFile(name, context) : { name, version }
  const language = languageOf(flags, context)
  const report = await explainCharter({ charter, model, site, asOf, language }, estateFolder(flags, streams))
  context.exit(exitCode(report))
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderCharterText(report, textOptions(flags, context)))
  if (flags.html === undefined) return
  const generated = `${new Date().toISOString().replace('T', ' ').slice(0, 16)} UTC`
  writePage(
    resolve(streams.cwd(), flags.html),
    renderCharterPage(report, { t, language, generated, version: VERSION }),
    context,
    flags,
  )
}
