import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { TextOptions } from '../report/text-context.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import type { Streams } from './streams.ts'

export function estateFolder({ estate }: CommonOptions, { cwd }: Streams): string {
  return resolve(cwd(), estate ?? '.yukue')
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
