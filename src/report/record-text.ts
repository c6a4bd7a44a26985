import type { KeyReport, ReceiptReport, RecordReport } from '../contract/record.ts'
import { actorText } from './actor-text.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { shortId } from './figures.ts'
import type { TextOptions } from './text-context.ts'

/** The result of `yukue record`. Ends with a line feed. */
export function renderRecordText({ event, model, statements }: RecordReport, { t, width }: TextOptions): string {
  const numbers = statements.join(t('list.separator'))
  const text = t('ledger.recorded', { numbers, event, model: modelText(model) })
  return `${wrap(text, width).join('\n')}\n`
}

export function renderReceiptText({ side, model, from, to, seen }: ReceiptReport, { t, width }: TextOptions): string {
  const values = { model: modelText(model), from: actorText(t, from), to: actorText(t, to) }
  const lines = [t(side === 'receiver' ? 'ledger.receiptReceiver' : 'ledger.receiptGiver', values)]
  if (!seen) lines.push(t('ledger.notSeen'))
  return `${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`
}

function modelText(model: string): string {
  return model.startsWith('blake3:') ? shortId(model) : shown(model)
}

/** The result of `yukue key …`: keys in full, since they are there to be copied. */
export function renderKeysText({ own, trusted }: KeyReport, { t }: TextOptions): string {
  const ownLines = own.flatMap(({ name, key, locked, expires }) => {
    const facts = [
      ...(locked ? [t('ledger.locked')] : []),
      ...(expires ? [t('ledger.expires', { date: expires })] : []),
    ]
    return [`  ${[shown(name), ...facts].join(' · ')}`, `     ${shown(key, 400)}`]
  })
  const trustedLines = trusted.flatMap(({ id, key, actor, role, use, expires, revoked }) => {
    const facts = [actorText(t, actor), t(`ledger.use.${use}`)]
    if (role !== null) facts.push(t(`ledger.role.${role}`))
    if (expires !== null) facts.push(t('ledger.expires', { date: shown(expires, 40) }))
    if (revoked !== null) facts.push(t('ledger.revoked', { date: shown(revoked, 40) }))
    return [`  ${shortId(id)} · ${facts.join(' · ')}`, `     ${shown(key, 400)}`]
  })
  const none = [`  ${t('ledger.noKeys')}`]
  const lines = [
    t('ledger.ownKeys'),
    ...(own.length > 0 ? ownLines : none),
    '',
    t('ledger.trustedKeys'),
    ...(trusted.length > 0 ? trustedLines : none),
  ]
  return `${lines.join('\n')}\n`
}
