import type { RecallHolder, RecallReport } from '../contract/recall.ts'
import { actorText } from './actor-text.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import { paintFor } from './paint.ts'
import type { TextOptions } from './text-context.ts'

/** The result of `yukue recall`. Ends with a line feed. */
export function renderRecallText(report: RecallReport, { t, width, colour }: TextOptions): string {
  const paint = paintFor(colour)
  const { holders, incidents, entered } = report
  const told = holders.filter(({ notices }) => notices.every((notice) => notice.told !== null)).length
  const lines = [
    paint.strong(t('recall.heading', { name: shown(report.model.name) })),
    paint.faint(report.model.id),
    '',
    paint.strong(t('recall.incidents')),
    ...incidents.map(({ at, severity, text, statement }) => {
      return `  • ${at}  ${t(`severity.${severity}`)}${t('list.colon')}${shown(text, 400)} (${t('recall.of', { number: statement })})`
    }),
    '',
    paint.strong(t('recall.holders')),
    ...(holders.length === 0
      ? [`  ${t('recall.noHolders')}`]
      : holders.flatMap((each) => holderLines(each, incidents.length, t))),
    ...reachLines(report, t, paint.strong),
    '',
    ...(holders.length === 0 ? [] : [t('recall.sum', { told, all: holders.length })]),
    ...(entered.length === 0 ? [] : [t('recall.entered', { numbers: entered.join(', ') })]),
  ]
  return `${lines.flatMap((line) => wrapped(line, width)).join('\n')}\n`
}

function holderLines({ holder, holdings, notices }: RecallHolder, incidents: number, t: Translate): string[] {
  const isTold = notices.every(({ told }) => told !== null)
  return [
    `  ${isTold ? '✓' : '✗'} ${actorText(t, holder)}`,
    ...holdings.flatMap(({ model, since, status, path, open }) => [
      `     ${t('recall.has', { name: shown(model.name), since, status: t(`status.${status}.name`) })}${open.length === 0 ? ` · ${t('recall.measured')}` : ''}`,
      ...(path.length > 1
        ? [`     ${t('recall.path', { path: path.map(({ name }) => shown(name, 60)).join(' → ') })}`]
        : []),
    ]),
    ...notices.map(({ incident, told, by }) => {
      const said = told
        ? t('recall.told', { at: told.at, number: told.statement })
        : by === null
          ? t('recall.notTold')
          : t('recall.notToldBy', { by })
      return `     ${incidents > 1 ? `${t('recall.of', { number: incident })}${t('list.colon')}` : ''}${said}`
    }),
  ]
}

function reachLines({ exposed }: RecallReport, t: Translate, strong: (text: string) => string): string[] {
  if (exposed.length === 0) return []
  return [
    '',
    strong(t('recall.reaches')),
    ...exposed.map(({ path, sites }) => {
      const way = path.map(({ name }) => shown(name, 60)).join(' → ')
      const used =
        sites.length === 0
          ? ''
          : ` · ${t('exposure.sites', { sites: sites.map((site) => shown(site, 80)).join(t('list.separator')) })}`
      return `  • ${way}${used}`
    }),
  ]
}

/** Lines below the first keep the indentation of the first. */
function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0]
  return line === '' ? [''] : wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part)
}
