import type { VerifyReport } from '../contract/verify.ts'
import { claimLines } from './claim-lines.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import { percentText, shortId, wholeText } from './figures.ts'
import type { Translate } from './language.ts'
import { contextFor, type TextContext, type TextOptions } from './text-context.ts'

/** Tensors listed one by one; the JSON result has all. */
const MAX_TENSORS = 40

type Deep = NonNullable<VerifyReport['deep']>
type Verdict = VerifyReport['verdict']

/** The result of `yukue verify` for a terminal. Ends with a line feed. */
export function renderVerifyText(report: VerifyReport, options: TextOptions): string {
  const { t } = options
  const context = contextFor([report.model], options)
  const { paint, width } = context
  const mark = markOf(report.verdict, context)
  const isOpen = report.verdict === 'undecided' && report.claims.length === 0 && !report.deep
  const blocks = [
    [
      mark(t('verify.heading', { verdict: t(`verify.verdict.${report.verdict}`) })),
      `${shown(report.model.name)}  ${paint.faint(shortId(report.model.id))}`,
      ...(isOpen ? wrap(t('verify.nothing'), width) : []),
    ],
    fileLines(report, context),
    report.claims.length > 0 ? [paint.strong(t('claim.heading')), ...claimLines(report.claims, context)] : [],
    report.deep ? deepLines(report.deep, context) : [],
  ]
  const filled = blocks.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function markOf(verdict: Verdict, { paint }: TextContext): (text: string) => string {
  return { verified: paint.sure, inferred: paint.sure, disputed: paint.bad, undecided: paint.unsure }[verdict]
}

function fileLines({ files }: VerifyReport, { t, paint, width }: TextContext): string[] {
  if (files.length === 0) return []
  const lines = files.flatMap(({ path, verdict, recorded }) => {
    const told = t(`verify.file.${verdict}`, { recorded: recorded?.slice(0, 12) ?? '' })
    return wrap(`${shown(path)}${t('list.colon')}${told}`, width - 2)
  })
  return [paint.strong(t('verify.files')), ...lines.map((line) => `  ${line}`)]
}

/** What is wrong or open stands first. */
const ORDER: readonly Verdict[] = ['disputed', 'undecided', 'inferred', 'verified']

function deepLines({ name, tensors, unmatched }: Deep, context: TextContext): string[] {
  const { t, paint, width } = context
  const tallies = ORDER.flatMap((verdict) => {
    const count = tensors.filter((tensor) => tensor.verdict === verdict).length
    const told = t('verify.deepTally', { count, total: tensors.length, verdict: t(`verify.verdict.${verdict}`) })
    return count > 0 ? [`  ${markOf(verdict, context)(told)}`] : []
  })
  const sorted = tensors.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
  const listed = sorted.slice(0, MAX_TENSORS).flatMap((tensor) => {
    const line = `${shown(tensor.child)} (${shown(tensor.scheme, 24)})${t('list.colon')}${tensorText(t, tensor)}`
    return wrap(line, width - 4).map((part) => `    ${part}`)
  })
  const left = tensors.length - Math.min(tensors.length, MAX_TENSORS)
  const more = left > 0 ? [`    ${paint.faint(t('count.more', { count: left }))}`] : []
  const without = unmatched.length > 0 ? [`  ${t('verify.unmatched', { count: unmatched.length })}`] : []
  return [paint.strong(t('verify.deep', { name: shown(name) })), ...tallies, ...without, ...listed, ...more]
}

function tensorText(t: Translate, { reproduced, tolerance }: Deep['tensors'][number]): string {
  if (reproduced) {
    const counts = { equal: wholeText(reproduced.equal), total: wholeText(reproduced.total) }
    const told = t(`verify.${reproduced.unit}`, counts)
    return reproduced.through === null ? told : `${told}, ${t('verify.through', { type: reproduced.through })}`
  }
  if (tolerance === null) return t('verify.unknownScheme')
  const { residual, least, most, missed, of, couldHide } = tolerance
  return t('verify.tolerance', {
    residual: residual.toFixed(3),
    least,
    most,
    rate: of === 0 ? t('verify.untried') : t('verify.tried', { missed, of }),
    hidden: percentText(couldHide),
  })
}
