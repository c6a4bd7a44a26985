import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { charterIn } from '../app/charter.ts'
import { type CharterWords, draftFrom } from '../app/charter-draft.ts'
import { CommandError } from '../contract/command-error.ts'
import { renderCharterYaml } from '../report/charter-yaml.ts'
import { shown } from '../report/escape.ts'
import { askCharter } from './charter-questions.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { writeNew } from './files.ts'
import { writeJson } from './output.ts'

interface InitFlags extends CommonOptions, CharterWords {
  out?: string
  schema?: string
}

/** What a charter cannot be written without. */
const NEEDED = ['name', 'model', 'accountable'] as const

/** Writes a charter from options, or, where any that it needs is missing and there is a terminal, from questions. */
export async function initCharterCommand(flags: InitFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const path = flags.out ?? 'charter.yaml'
  const file = resolve(streams.cwd(), path)
  if (existsSync(file)) throw new CommandError({ code: 'cannot-write', path, reason: 'EEXIST: file already exists' })
  const missing = NEEDED.filter((name) => flags[name] === undefined)
  const isAsked = missing.length > 0 && streams.stdin?.isTTY === true
  if (missing.length > 0 && !isAsked)
    throw new CommandError({ code: 'cannot-ask', options: missing.map((name) => `--${name}`).join(', ') })
  const words = isAsked ? await askCharter(flags, context) : flags
  const schema = schemaPath(dirname(file), flags.schema)
  const text = renderCharterYaml(draftFrom(words), { t, schema })
  // what was typed is a charter only once it reads as one
  const charter = charterIn({ path, text })
  writeNew(file, text)
  if (flags.json) writeJson(streams, { schema: 'yukue.charter-written/1', path, charter })
  else streams.stdout.write(`${t('charter.written', { path: shown(path) })}\n`)
}

/** The shipped schema as seen from the charter's folder; the folder of this file is dist/src/cli, or src/cli. */
function schemaPath(folder: string, given: string | undefined): string {
  if (given !== undefined) return given
  const own = ['../../../schema/charter.schema.json', '../../schema/charter.schema.json']
  const found = own.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path))
  return relative(folder, found ?? 'charter.schema.json').replaceAll('\\', '/')
}
