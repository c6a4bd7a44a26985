import { statSync } from 'node:fs'
import { join } from 'node:path'
import { signModel, verifyFiles } from '../app/sign.ts'
import { newSigningKey } from '../app/signing-key.ts'
import { CommandError } from '../contract/command-error.ts'
import { renderFilesText, renderSignText } from '../report/signing-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { readGiven, writeNew } from './files.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'

interface SignFlags extends CommonOptions {
  key?: string
  newKey?: boolean
  out?: string
  lineage?: boolean
}

/** `yukue sign PATH --key FILE.pem` */
export async function signCommand(path: string, flags: SignFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  if (flags.key === undefined) throw new CommandError({ code: 'missing-option', option: '--key' })
  if (flags.newKey) makeKey(flags.key, context)
  const bundle = flags.out ?? (isFolder(path) ? join(path, 'model.sig') : `${path}.sig`)
  const lineage = flags.lineage ? `${bundle.replace(/\.sig$/, '')}.lineage.sig` : null
  const options = { pem: readGiven(flags.key), bundle, lineage, estate: estateFolder(flags, streams) }
  const { text, lineageBundle, ...report } = await signModel(path, options)
  writeNew(bundle, text)
  if (lineage !== null && lineageBundle !== null) writeNew(lineage, lineageBundle)
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderSignText(report, t))
}

function makeKey(path: string, { t, streams }: CommandContext): void {
  const { privatePem, publicPem } = newSigningKey()
  const publicPath = `${path.replace(/\.pem$/, '')}.pub.pem`
  writeNew(path, privatePem, 0o600)
  writeNew(publicPath, publicPem)
  streams.stderr.write(`${t('passport.signing.newKey', { path, public: publicPath })}\n`)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

interface VerifyFilesFlags extends CommonOptions {
  bundle?: string
  key?: string[]
}

/** `yukue verify PATH --bundle FILE --key FILE.pem`; exit code 1 where a file or the signature does not hold. */
export function verifyFilesCommand(path: string, flags: VerifyFilesFlags, context: CommandContext): void {
  const [key] = flags.key ?? []
  if (key === undefined) throw new CommandError({ code: 'missing-option', option: '--key' })
  const report = verifyFiles(path, readGiven(flags.bundle!), readGiven(key))
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderFilesText(report, textOptions(flags, context)))
  context.exit(report.verdict === 'verified' ? 0 : 1)
}
