import type { FilesReport, SignReport } from '../contract/model-signature.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import type { TextOptions } from './text-context.ts'

/** The result of `yukue sign`. Ends with a line feed. */
export function renderSignText({ files, bundle, lineage }: SignReport, t: Translate): string {
  const lines = [t('passport.signing.signed', { count: files, path: shown(bundle) })]
  if (lineage !== null) lines.push(t('passport.signing.lineage', { path: shown(lineage) }))
  return `${lines.join('\n')}\n`
}

/** More would scroll the first ones away; the JSON result has them all. */
const MAX_LINES = 100

/** The result of `yukue verify PATH --bundle`: every file that is not as it was signed. Ends with a line feed. */
export function renderFilesText({ signature, files, differences }: FilesReport, { t, width }: TextOptions): string {
  if (signature === 'other-key') return `${wrap(t('passport.signing.otherKey'), width).join('\n')}\n`
  if (signature === 'bad') return `${wrap(t('passport.signing.badSignature'), width).join('\n')}\n`
  if (differences.length === 0) return `${wrap(t('passport.signing.good', { count: files }), width).join('\n')}\n`
  const lines = differences
    .slice(0, MAX_LINES)
    .map(({ name, change }) => t(`passport.signing.${change}`, { name: shown(name) }))
  const left = differences.length - MAX_LINES
  return `${[...lines, ...(left > 0 ? [t('count.more', { count: left })] : [])].join('\n')}\n`
}
