import { CommandError } from '../contract/command-error.ts'
import type { CommandContext } from './context.ts'
import { isPassport, type VerifyPassportFlags, verifyPassportCommand } from './verify-passport-command.ts'

/** `yukue verify PATH`, by what lies there. */
export async function verifyAny(path: string, flags: VerifyPassportFlags, context: CommandContext): Promise<void> {
  if (flags.bundle !== undefined) return (await import('./sign-command.ts')).verifyFilesCommand(path, flags, context)
  if (isPassport(path)) return verifyPassportCommand(path, flags, context)
  throw new CommandError({ code: 'bad-given-file', path, what: 'neither' })
}
