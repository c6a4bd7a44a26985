import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Signing } from '../app/with-estate.ts'
import { CommandError } from '../contract/command-error.ts'
import type { TextOptions } from '../report/text-context.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven } from './files.ts'
import type { Streams } from './streams.ts'

/** Where the estate is: what `--estate` names, or `YUKUE_DATABASE_URL`, or `.yukue` of the working folder. */
export function estateFolder({ estate }: CommonOptions, { cwd, env }: Streams): string {
  const named = estate ?? env['YUKUE_DATABASE_URL']
  if (named !== undefined && /^postgres(ql)?:\/\//i.test(named)) return named
  return resolve(cwd(), estate ?? '.yukue')
}

/** The passphrase of keys that have one. Never an argument: those are seen by every user of the machine. */
export function signingFrom({ passphraseFile }: CommonOptions, { env }: Streams): Signing {
  return { passphrase: passphraseFile === undefined ? env['YUKUE_PASSPHRASE'] : passphraseIn(passphraseFile) }
}

/** The first line of a file. */
export function passphraseIn(path: string): string {
  return readGiven(path).text.split(/\r?\n/)[0] ?? ''
}

/** Colours only on a terminal, and not against https://no-color.org. */
export function textOptions({ color }: CommonOptions, { t, streams }: CommandContext): TextOptions {
  const { stdout, env } = streams
  return { t, width: stdout.columns ?? 100, colour: color && stdout.isTTY === true && !env['NO_COLOR'] }
}

export function writeJson({ stdout }: Streams, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 1)}\n`)
}

/** Writes a page, and says where unless the output is for programs. */
export function writePage(path: string, page: string, { t, streams }: CommandContext, { json }: CommonOptions): void {
  try {
    writeFileSync(path, page)
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path, reason: String(error) })
  }
  if (!json) streams.stdout.write(`${t('progress.written', { path: resolve(path) })}\n`)
}
