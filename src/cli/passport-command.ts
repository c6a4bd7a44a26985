import { existsSync } from 'node:fs'
import { importPassport } from '../app/import-passport.ts'
import { makePassport } from '../app/passport.ts'
import type { GivenFile } from '../app/receipt.ts'
import { CommandError } from '../contract/command-error.ts'
import { MAX_PASSPORT_BYTES, PASSPORT_EXTENSION } from '../contract/passport.ts'
import { renderImportedText, renderMadeText } from '../report/passport-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven, writeNew } from './files.ts'
import { estateFolder, signingFrom, textOptions, writeJson } from './output.ts'

interface PassportFlags extends CommonOptions {
  out?: string
  key?: string[]
  leaveOut?: string[]
  prints: boolean
  share?: boolean
  import?: string
}

/** `yukue passport MODEL`, and `yukue passport --import FILE`. */
export async function passportCommand(
  model: string | undefined,
  flags: PassportFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.import !== undefined) return importOne(flags.import, flags, context)
  if (model === undefined) throw new CommandError({ code: 'no-model-given' })
  const { streams } = context
  const { key: keys = [], leaveOut = [], prints, share = false } = flags
  const options = { model, keys, leaveOut, prints, share }
  const { text, ...made } = await makePassport(options, estateFolder(flags, streams), signingFrom(flags, streams))
  const path = flags.out ?? `${made.model.name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}${PASSPORT_EXTENSION}`
  writeNew(path, text)
  if (flags.json) writeJson(streams, { ...made, path })
  else streams.stdout.write(renderMadeText({ ...made, path }, textOptions(flags, context)))
}

async function importOne(path: string, flags: PassportFlags, context: CommandContext): Promise<void> {
  const { streams } = context
  const keys = givenKeys(flags.key)
  const file = readGiven(path, MAX_PASSPORT_BYTES)
  const done = await importPassport(file, keys, estateFolder(flags, streams), signingFrom(flags, streams))
  if (flags.json) writeJson(streams, done)
  else streams.stdout.write(renderImportedText(done, textOptions(flags, context)))
}

/** Keys as files, or as the line itself. */
export function givenKeys(keys: readonly string[] | undefined): GivenFile[] {
  return (keys ?? []).map((key) => (existsSync(key) ? readGiven(key) : { path: key, text: key }))
}
