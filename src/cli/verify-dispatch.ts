import type { CommandContext } from './context.ts'
import type { VerifyFlags } from './verify-command.ts'
import { isPassport, type VerifyPassportFlags, verifyPassportCommand } from './verify-passport-command.ts'

/** `yukue verify PATH`, by what lies there: a signed folder, a passport, or a model, which may be named as on record too. */
export async function verifyAny(
  path: string,
  flags: VerifyPassportFlags & VerifyFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.bundle !== undefined) return (await import('./sign-command.ts')).verifyFilesCommand(path, flags, context)
  if (isPassport(path)) return verifyPassportCommand(path, flags, context)
  return (await import('./verify-command.ts')).verifyCommand(path, flags, context)
}
