import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { makeDossier } from '../app/dossier.ts'
import { CommandError } from '../contract/command-error.ts'
import type { Dossier } from '../contract/dossier.ts'
import { VERSION } from '../contract/version.ts'
import { renderDossierPage } from '../report/dossier-page.ts'
import { shown } from '../report/escape.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { writeNew } from './files.ts'
import { estateFolder, writeJson } from './output.ts'

interface DossierFlags extends CommonOptions {
  html?: string
  out?: string
}

/** `yukue dossier MODEL|SITE`: JSON on standard output with --json, else a page beside, and the JSON where it is asked for. */
export async function dossierCommand(subject: string, flags: DossierFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
  const dossier = await makeDossier({ subject, language, t }, estateFolder(flags, streams))
  const page = flags.html ?? (flags.json ? undefined : `${fileName(dossier)}.dossier.html`)
  const files = [...(page === undefined ? [] : [page]), ...(flags.out === undefined ? [] : [flags.out])].map((path) =>
    resolve(streams.cwd(), path),
  )
  const there = files.find((path) => existsSync(path))
  if (there !== undefined)
    throw new CommandError({ code: 'cannot-write', path: there, reason: 'EEXIST: file already exists' })
  if (page !== undefined) {
    const generated = `${dossier.issued.replace('T', ' ').slice(0, 16)} UTC`
    writeNew(resolve(streams.cwd(), page), renderDossierPage(dossier, { t, language, generated, version: VERSION }))
  }
  if (flags.out !== undefined) writeNew(resolve(streams.cwd(), flags.out), `${JSON.stringify(dossier, null, 1)}\n`)
  if (flags.json) return writeJson(streams, dossier)
  const sections = dossier.parts.flatMap((part) => part.sections)
  const lines = sections.reduce((sum, section) => sum + section.lines.length, 0)
  const gaps = sections.reduce((sum, section) => sum + section.gaps.length, 0)
  for (const path of files)
    streams.stdout.write(
      `${t('dossier.done', { path: shown(path), lines, statements: dossier.statements.length, gaps })}\n`,
    )
}

function fileName({ name }: Dossier): string {
  return (
    name
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'model'
  )
}
