import { resolve } from 'node:path'
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
