import { shown } from './escape.ts'
import {
  countFiles,
  type Family,
  type FamilyRow,
  MAX_DEPTH,
  type ScannedModel,
  type ScannedRelation,
} from './family.ts'
import { bytesText, LEAST_P, probabilityText, shortId, similarityText } from './figures.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import { folded, foreign, type PageContext, restNote, table } from './page-parts.ts'
import { changesText, detailsOf, settleText } from './relation-text.ts'

/** A page of more models than this is slow on a phone and read by nobody; one large family leaves room for others. */
const MAX_ROWS = 800
const MAX_FAMILY_ROWS = 200
/** Copies listed under one model, and how many are shown without a click. */
const MAX_COPIES = 12
const OPEN_COPIES = 4
/** Families shown unfolded, and the most models one may have for that. */
const OPEN_FAMILIES = 12
const OPEN_ROWS = 40

/** Every family as a nested list, largest first, within a bounded number of rows. */
export function familySections(families: readonly Family[], context: PageContext): Html[] {
  const sections: Html[] = []
  let room = MAX_ROWS
  for (const [index, family] of families.entries()) {
    const open = index < OPEN_FAMILIES && family.rows.length <= OPEN_ROWS
    const shownRows = Math.min(room, MAX_FAMILY_ROWS, family.rows.length)
    sections.push(familySection(family, shownRows, open, context))
    room -= shownRows
    if (room > 0) continue
    const note = restNote(context.t, families.length - index - 1)
    return note ? [...sections, note] : sections
  }
  return sections
}

function familySection(family: Family, shownRows: number, open: boolean, context: PageContext): Html {
  const { t, nameOf } = context
  const rows = family.rows.slice(0, shownRows)
  const models = t('count.models', { count: family.models.length })
  const files = t('count.files', { count: countFiles(family.models) })
  const heading = html`<h3>${foreign(nameOf(family.rows[0]!.id))}</h3>
<span class="soft">${[models, t('list.separator'), files]}</span>`
  const tree = branches(rows, 0, rows.length, context)
  const note = restNote(t, family.rows.length - rows.length)
  return open
    ? html`<details class="family" open><summary>${heading}</summary>${tree}${note}</details>\n`
    : html`<details class="family"><summary>${heading}</summary>${tree}${note}</details>\n`
}

/** The rows [from, to) as one list; rows deeper than the first become lists inside it. Depth is bounded by MAX_DEPTH. */
function branches(rows: readonly FamilyRow[], from: number, to: number, context: PageContext): Html {
  const items: Html[] = []
  for (let at = from; at < to; ) {
    const row = rows[at]!
    let end = at + 1
    while (end < to && rows[end]!.depth > row.depth) end++
    items.push(branch(row, at + 1 < end ? branches(rows, at + 1, end, context) : null, context))
    at = end
  }
  return html`<ul class="tree">${items}</ul>`
}

function branch(row: FamilyRow, below: Html | null, context: PageContext): Html {
  const open = row.relation?.direction === 'undetermined'
  const kinds = ['node', open ? 'open' : 'known', ...(row.repeated ? ['repeated'] : [])].join(' ')
  const sign = row.relation ? html`<span class="sign" aria-hidden="true">${open ? '?' : '▶'}</span>` : null
  return html`<li class="${kinds}">${sign}<div class="model">${modelCard(row, context)}</div>${below}</li>`
}

/** A model with what was done to it and where its copies are. */
function modelCard(row: FamilyRow, context: PageContext): Html {
  const { t, nameOf } = context
  const relation = row.relation ?? row.own
  return html`<div class="title"><h4>${foreign(nameOf(row.id))}</h4>
<span class="soft"><code>${shortId(row.id)}</code>${facts(row, t).map((fact) => ` · ${fact}`)}</span>
${row.plausible ? html`<span class="badge open">${t('direction.plausibleOrigin')}</span>` : null}</div>
${relation ? relationPart(row, relation, context) : null}
${row.model && !row.repeated ? copies(row.model, context) : null}`
}

function facts(row: FamilyRow, t: Translate): string[] {
  if (row.repeated) return [t('direction.shownAbove')]
  if (row.model === null) return [t('direction.notHere')]
  const types = Object.keys(row.model.dtypes).slice(0, 6)
  const scheme = row.model.quantisation?.scheme
  const numbers = scheme ?? types.join(t('list.separator'))
  return [t('count.parameters', { count: row.model.parameters }), ...(numbers ? [shown(numbers, 60)] : [])]
}

function relationPart(row: FamilyRow, relation: ScannedRelation, context: PageContext): Html {
  const { t } = context
  if (row.repeated) return html`<p class="did"><b>${changesText(t, relation)}</b></p>`
  const did = relation.changes.map((change) => {
    return html`<li><b>${t(`change.${change}.name`)}</b> <span class="soft">${t(`change.${change}.meaning`)}</span></li>`
  })
  return html`<ul class="did">${did}</ul><dl class="evidence">${evidence(row, relation, context)}</dl>`
}

function evidence(row: FamilyRow, relation: ScannedRelation, context: PageContext): Html[] {
  const { t } = context
  const status = html`<span class="badge ${relation.status}">${t(`status.${relation.status}.name`)}</span>`
  const details = detailsOf(t, relation, context.nameOf)
  return [
    entry(t('page.relation.status'), status),
    entry(t('page.relation.similarity'), html`${similarityText(relation.similarity)}`),
    ...details.map(({ label, value }) => entry(shown(label, 40), html`<bdi>${shown(value, 240)}</bdi>`)),
    entry(t('page.relation.chance'), html`${chanceWords(t, relation.p)}`, 'wide'),
    entry(t('page.relation.direction'), direction(row, relation, context), 'wide'),
  ]
}

function entry(label: string, value: Html, kind = ''): Html {
  return html`<div class="${kind}"><dt>${label}</dt><dd>${value}</dd></div>`
}

function chanceWords(t: Translate, p: number | null): string {
  if (p === null) return t('page.relation.chanceNone')
  return t('page.relation.chanceWords', { p: p < LEAST_P ? `< ${probabilityText(LEAST_P)}` : probabilityText(p) })
}

function direction(row: FamilyRow, relation: ScannedRelation, { t, nameOf }: PageContext): Html {
  if (row.relation === null) return html`${t('relation.baseAbsent')}`
  const away = row.depth === MAX_DEPTH && row.from ? shown(nameOf(row.from), 80) : null
  if (relation.direction === 'known')
    return html`${away ? t('page.relation.directionKnownElsewhere', { name: away }) : t('page.relation.directionKnown')}`
  const whom = away ? html` ${t('direction.relatedTo', { name: away })}` : null
  return html`<span class="badge open">${t('direction.undetermined')}</span>${whom} ${settleText(t, relation)}`
}

/** The places where a model was found. */
function copies(model: ScannedModel, context: PageContext): Html {
  const { t } = context
  const rows = model.artifacts.slice(0, MAX_COPIES).map((artifact) => {
    const main = artifact.files.find((file) => file.path === artifact.path) ?? artifact.files[0]
    const files =
      artifact.files.length > 1 ? `${t('list.separator')}${t('count.files', { count: artifact.files.length })}` : ''
    return [
      foreign(artifact.path),
      html`${shown(artifact.format, 20)}${files}`,
      html`${bytesText(artifact.bytes)}`,
      html`<code>${main ? main.sha256.slice(0, 12) : '–'}</code>`,
    ]
  })
  const count = model.artifacts.length
  const caption = t('page.copies.caption', { count, name: shown(model.name, 80) })
  const list = table(
    caption,
    [
      { heading: t('page.copies.path'), kind: 'text' },
      { heading: t('page.copies.format'), kind: 'short' },
      { heading: t('page.copies.size'), kind: 'number' },
      { heading: t('page.copies.sha256'), kind: 'short' },
    ],
    rows,
  )
  return folded(t('count.copies', { count }), html`${list}${restNote(t, count - rows.length)}`, count > OPEN_COPIES)
}
