import type { RecallHolder, RecallReport } from '../contract/recall.ts'
import { actorText } from './actor-text.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'

/** A letter to one holder, ready to be sent as plain text: what happened, what they have, how that is connected, what is asked of them. */
export function renderRecallLetter(report: RecallReport, { holder, holdings }: RecallHolder, t: Translate): string {
  const { model, incidents, sender, asOf } = report
  const isOpen = holdings.some(({ open }) => open.length > 0)
  const blocks = [
    [
      t('recall.letter.date', { date: asOf }),
      t('recall.letter.to', { holder: actorText(t, holder) }),
      t('recall.letter.from', { sender: sender.name === null ? t('recall.letter.sender') : actorText(t, sender) }),
      t('recall.letter.subject', { model: shown(model.name) }),
    ],
    [t('recall.letter.opening')],
    [
      underlined(t('recall.letter.what')),
      t('recall.letter.model', { model: shown(model.name) }),
      t('recall.letter.id', { id: model.id }),
      ...incidents.flatMap(({ at, severity, text, reference, statement }) => [
        `• ${t('recall.letter.incident', { at, severity: t(`severity.${severity}`), number: statement, text: shown(text, 8_192) })}`,
        ...(reference === null ? [] : [`  ${t('recall.letter.reference', { reference: shown(reference, 400) })}`]),
      ]),
    ],
    [underlined(t('recall.letter.have')), ...holdings.flatMap((holding) => holdingLines(holding, t))],
    ...(isOpen
      ? [
          [
            underlined(t('recall.letter.please')),
            ...ASKED.map((asked, at) => `${at + 1}. ${t(`recall.letter.${asked}`)}`),
          ],
        ]
      : []),
    [t('recall.letter.contact', { contact: contactText(report, t) }), t('recall.letter.closing')],
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const ASKED = ['stop', 'measure', 'tell', 'confirm'] as const

function holdingLines({ model, path, since, open, sites }: RecallHolder['holdings'][number], t: Translate): string[] {
  const way = path.map(({ name }) => shown(name, 80)).join(' → ')
  return [
    `• ${t('recall.letter.holding', { model: shown(model.name), since })}`,
    `  ${t('recall.letter.id', { id: model.id })}`,
    `  ${path.length > 1 ? t('recall.letter.connects', { path: way }) : t('recall.letter.direct')}`,
    ...(sites.length > 0
      ? [`  ${t('recall.letter.sites', { sites: sites.map((site) => shown(site)).join(t('list.separator')) })}`]
      : []),
    ...(open.length === 0 ? [`  ${t('recall.letter.settled')}`] : []),
  ]
}

function contactText({ contacts }: RecallReport, t: Translate): string {
  const texts = contacts.map(({ name, reach, withinDays }) => {
    const text = t('recall.letter.within', { name: shown(name), days: withinDays })
    return reach === null ? text : `${text} ${shown(reach)}`
  })
  return texts.length === 0 ? t('recall.letter.noContact') : [...new Set(texts)].join(t('list.separator'))
}

function underlined(heading: string): string {
  return `${heading}\n${'-'.repeat(Math.min(heading.length * (/[^\p{ASCII}]/u.test(heading) ? 2 : 1), 60))}`
}
