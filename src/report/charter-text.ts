import type { CharterExplained, CharterList, CharterShown, CharterVersion } from '../contract/charter-reports.ts'
import { signaturesText } from './actor-text.ts'
import { type Said, tellCharter, verdictLines } from './charter-explained.ts'
import { wrap } from './columns.ts'
import { shown, visible } from './escape.ts'
import type { Translate } from './language.ts'
import { paintFor } from './paint.ts'
import type { TextOptions } from './text-context.ts'

/** `yukue charter explain` and `check` for a terminal. Ends with a line feed. */
export function renderCharterText(report: CharterExplained, { t, width, colour }: TextOptions): string {
  const paint = paintFor(colour)
  const { charter, version } = report
  const sign = { meets: '✓', departs: '✗', undecided: '?' }
  const lines = [
    paint.strong(shown(charter.title ?? charter.name)),
    paint.faint(version === null ? shown(report.source) : versionText(version, t)),
    ...verdictLines(report, t).map(({ verdict, text }) => `${sign[verdict]} ${text}`),
    ...tellCharter(report, t).flatMap(({ heading, lines, id }) => [
      '',
      paint.strong(heading),
      ...lines.flatMap((line) => saidLines(line, id === 'departs' ? '✗' : id === 'undecided' ? '?' : '•')),
    ]),
  ]
  return `${lines.flatMap((line) => wrapped(line, width)).join('\n')}\n`
}

function saidLines({ text, below, isHeading }: Said, sign: string): string[] {
  if (isHeading) return [`  ${text}`]
  return [text.startsWith('• ') ? `      ${text}` : `    ${sign} ${text}`, ...below.map((line) => `        ${line}`)]
}

/** The charters on record. */
export function renderCharterList({ charters }: CharterList, { t, width, colour }: TextOptions): string {
  const paint = paintFor(colour)
  if (charters.length === 0) return `${t('charter.list.none')}\n`
  const lines = charters.flatMap(({ name, title, versions }) => [
    paint.strong(title === null ? shown(name) : t('list.note', { text: shown(title), note: shown(name) })),
    ...versions.flatMap((version) => [
      `  ${version.inForce ? '✓' : '•'} ${versionText(version, t)}${version.inForce ? ` · ${t('charter.list.now')}` : ''}`,
      `      ${version.models.map((model) => shown(model.name, 80)).join(t('list.separator'))}`,
      `      ${[t(`status.${version.status}.name`), ...signaturesText(t, version.signatures), t('ledger.statementNumber', { number: version.statement })].join(' · ')}`,
    ]),
  ])
  return `${lines.flatMap((line) => wrapped(line, width)).join('\n')}\n`
}

/** A charter as it was signed: its own text, with what a terminal would act on spelt out. */
export function renderCharterShown(
  { text, statement, signatures, status, ...version }: CharterShown,
  t: Translate,
): string {
  const head = [
    versionText(version, t),
    t(`status.${status}.name`),
    ...signaturesText(t, signatures),
    t('ledger.statementNumber', { number: statement }),
  ]
  const body = text.split('\n').map((line) => visible(line.replace(/\r$/, '')))
  return `# ${head.join(' · ')}\n${body.join('\n')}${text.endsWith('\n') ? '' : '\n'}`
}

export function versionText(
  { version, from, until }: Pick<CharterVersion, 'version' | 'from' | 'until'>,
  t: Translate,
): string {
  return until === null
    ? t('charter.list.version', { version, from })
    : t('charter.list.ended', { version, from, until })
}

/** Lines below the first keep the indentation of the first. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0]
  return line === '' ? [''] : wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part)
}
