import { existsSync } from 'node:fs'
import { distrustKey, newKey, showKeys, trustKey } from '../app/key.ts'
import { CommandError } from '../contract/command-error.ts'
import { KEY_USES } from '../contract/predicates.ts'
import type { KeyReport } from '../contract/record.ts'
import { renderKeysText } from '../report/record-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven } from './files.ts'
import { estateFolder, passphraseIn, signingFrom, textOptions, writeJson } from './output.ts'

interface KeyFlags extends CommonOptions {
  actor?: string
  role?: string
  expires?: string
  use?: string
  protect?: string
  reason?: string
}

export async function newKeyCommand(name: string, flags: KeyFlags, context: CommandContext): Promise<void> {
  const { actor, role, expires } = flags
  const protect = flags.protect === undefined ? null : passphraseIn(flags.protect)
  const options = { name, actor, role, expires, protect }
  const { streams } = context
  show(await newKey(options, estateFolder(flags, streams), signingFrom(flags, streams)), flags, context)
}

export async function showKeysCommand(flags: KeyFlags, context: CommandContext): Promise<void> {
  show(await showKeys(estateFolder(flags, context.streams)), flags, context)
}

export async function trustKeyCommand(key: string, flags: KeyFlags, context: CommandContext): Promise<void> {
  const { actor, role, expires } = flags
  if (actor === undefined) throw new CommandError({ code: 'missing-option', option: '--actor' })
  const use = KEY_USES.find((each) => each === (flags.use ?? 'signer'))
  if (use === undefined)
    throw new CommandError({ code: 'bad-option', option: '--use', value: flags.use ?? '', takes: KEY_USES.join(', ') })
  const text = existsSync(key) ? readGiven(key).text : key
  const { streams } = context
  const options = { key: text, path: key, actor, role, use, expires }
  show(await trustKey(options, estateFolder(flags, streams), signingFrom(flags, streams)), flags, context)
}

export async function distrustKeyCommand(key: string, flags: KeyFlags, context: CommandContext): Promise<void> {
  const { streams } = context
  const location = estateFolder(flags, streams)
  show(await distrustKey(key, flags.reason ?? null, location, signingFrom(flags, streams)), flags, context)
}

function show(report: KeyReport, flags: KeyFlags, context: CommandContext): void {
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderKeysText(report, textOptions(flags, context)))
}
