import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { recall } from '../app/recall.ts'
import { CommandError } from '../contract/command-error.ts'
import type { RecallHolder, RecallReport } from '../contract/recall.ts'
import { actorText } from '../report/actor-text.ts'
import { shown } from '../report/escape.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderRecallLetter } from '../report/recall-letter.ts'
import { renderRecallText } from '../report/recall-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { writeNew } from './files.ts'
import { estateFolder, signingFrom, textOptions, writeJson } from './output.ts'

interface RecallFlags extends CommonOptions {
  incident?: string
  letters?: string
  notified?: string[]
  at?: string
  note?: string
  key?: string
}

/** Exit code 1 while somebody who has the model has not been told. */
export async function recallCommand(model: string, flags: RecallFlags, context: CommandContext): Promise<void> {
  const { streams, t } = context
  const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
  const { at, note, key, notified = [] } = flags
  const options = { model, incident: numberIn(flags.incident), notified, at, note, key, language }
  const report = await recall(options, estateFolder(flags, streams), signingFrom(flags, streams))
  const untold = report.holders.filter(({ notices }) => notices.some(({ told }) => told === null))
  const letters =
    flags.letters === undefined
      ? []
      : writeLetters(resolve(streams.cwd(), flags.letters), untold, report, language, context)
  context.exit(untold.length > 0 ? 1 : 0)
  if (flags.json) return writeJson(streams, { ...report, letters: letters.map(({ path }) => path) })
  streams.stdout.write(renderRecallText(report, textOptions(flags, context)))
  for (const { path, holder } of letters)
    streams.stdout.write(`${t('recall.wrote', { holder: actorText(t, holder.holder), path: shown(path) })}\n`)
  if (letters.length > 0) streams.stdout.write(`${t('recall.next', { model: shown(model) })}\n`)
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new CommandError({ code: 'bad-number', option: '--incident', value: text })
  return Number(text)
}

/** All letters or none: a folder that holds one of them already is left as it is. */
function writeLetters(
  folder: string,
  holders: readonly RecallHolder[],
  report: RecallReport,
  language: Language,
  { t }: CommandContext,
): { path: string; holder: RecallHolder }[] {
  const names = new Set<string>()
  const letters = holders.map((holder) => {
    const plain =
      (holder.holder.name ?? holder.holder.id)
        .replace(/[^\p{L}\p{N}._-]+/gu, '-')
        .replace(/^[.-]+/, '')
        .slice(0, 80) || 'holder'
    let name = plain
    for (let again = 2; names.has(name.toLowerCase()); again++) name = `${plain}-${again}`
    names.add(name.toLowerCase())
    return { path: join(folder, `${name}.${language}.txt`), holder, text: renderRecallLetter(report, holder, t) }
  })
  const there = letters.find(({ path }) => existsSync(path))
  if (there) throw new CommandError({ code: 'cannot-write', path: there.path, reason: 'EEXIST: file already exists' })
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path: folder, reason: String(error) })
  }
  for (const { path, text } of letters) writeNew(path, text)
  return letters
}
