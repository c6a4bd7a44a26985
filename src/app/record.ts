import { randomBytes } from 'node:crypto'
import { type Actor, ROLES, type Role } from '../contract/actor.ts'
import { CLAIM_SUBJECTS } from '../contract/claim-subjects.ts'
import { CommandError } from '../contract/command-error.ts'
import type { RecordReport } from '../contract/record.ts'
import type { RecordEvent } from '../contract/record-events.ts'
import { type AnyStatement, declaredId, type PredicateOf } from '../contract/statement.ts'
import { encodeEnvelope } from '../ledger/dsse.ts'
import { draft, type Writer } from '../ledger/journal.ts'
import { placesFrom } from '../ledger/places.ts'
import { modelSubject } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { keysFolder } from '../store/key-files.ts'
import { isUnder } from '../store/rows.ts'
import { actorNamed } from './actors.ts'
import { type FoundModel, findAt } from './find-model.ts'
import { ESTATE_KEY, estateKey, loadKey } from './keys.ts'
import { type LedgerView, validTime, viewOf } from './ledger-view.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** What a person says happened; texts as typed. */
export interface RecordOptions {
  event: RecordEvent
  /** A path, a name, a digest prefix, or a `declared:` id. */
  model: string
  /** A day or a time; today unless given. */
  at?: string | undefined
  from?: string | undefined
  to?: string | undefined
  actor?: string | undefined
  role?: string | undefined
  site?: string | undefined
  purpose?: string | undefined
  jurisdiction?: string | undefined
  /** Absolute. */
  place?: string | undefined
  until?: string | undefined
  /** `SUBJECT=…`, of CLAIM_SUBJECTS. */
  claims?: string[] | undefined
  source?: string | undefined
  suite?: string | undefined
  /** `name=value` */
  metrics?: string[] | undefined
  report?: { name: string; sha256: string } | undefined
  severity?: string | undefined
  text?: string | undefined
  reference?: string | undefined
  note?: string | undefined
  /** Which key signs; the estate's own unless given. */
  key?: string | undefined
}

/** Enters what happened to a model as signed statements. `envelopes`: as they were entered. */
export function record(
  options: RecordOptions,
  location: string,
  signing: Signing = {},
): Promise<RecordReport & { envelopes: string[] }> {
  return withEstate(
    location,
    async (estate) => {
      const writer = writerNamed(location, options.key, signing)
      const view = await viewOf(estate, null)
      const model = await recordable(estate, view, options.model)
      const make = await statementMaker(estate, view, model, options, writer.actor, signing)
      let envelopes: string[] = []
      const first = await estate.enter((time) => {
        const drafts = make(time).map((statement) => draft(statement, writer.key))
        envelopes = drafts.map(({ signed }) => encodeEnvelope(signed))
        return drafts
      })
      const statements = envelopes.map((_, at) => first + at)
      return { schema: 'yukue.record/1', event: options.event, model: model.id, statements, envelopes }
    },
    signing,
  )
}

/** The key that signs a record, by name. */
export function writerNamed(location: string, name: string | undefined, signing: Signing): Writer {
  const folder = keysFolder(location)
  const [passphrase, now] = [signing.passphrase ?? null, (signing.now ?? (() => new Date()))()]
  if (name === undefined || name === ESTATE_KEY) return estateKey(folder, passphrase, now)
  const writer = loadKey(folder, name, passphrase)
  if (writer === null) throw new CommandError({ code: 'no-such-key', name })
  return writer
}

/** A hosted model need not be on record before anything is said of it. */
export async function recordable(estate: Estate, view: LedgerView, reference: string): Promise<FoundModel> {
  const declared = declaredId.safeParse(reference)
  if (declared.success) return { id: reference, name: reference.slice('declared:'.length), parameters: null }
  return findAt(estate, view, reference)
}

type Maker = (time: string) => AnyStatement[]

async function statementMaker(
  estate: Estate,
  view: LedgerView,
  model: FoundModel,
  options: RecordOptions,
  signer: Actor,
  { now = () => new Date() }: Signing,
): Promise<Maker> {
  const subject = [modelSubject(model.id, model.name)]
  const at = validTime('--at', options.at ?? now().toISOString().slice(0, 'YYYY-MM-DD'.length))
  const event = { at, note: options.note ?? null }
  const actorOr = async (text: string | undefined, otherwise: Actor | null) =>
    text === undefined ? otherwise : actorNamed(estate, text)
  const by = await actorOr(options.actor, signer)
  switch (options.event) {
    case 'created':
    case 'received':
    case 'handed-over':
    case 'copied': {
      const isGiving = options.event === 'handed-over'
      const from = await actorOr(options.from, isGiving ? by : null)
      const to = await actorOr(options.to, isGiving ? null : by)
      if (isGiving && to === null) throw new CommandError({ code: 'missing-option', option: '--to' })
      const custody = {
        ...event,
        event: options.event,
        from,
        to,
        place: options.place ?? null,
        form: await formAt(view, model, options.place),
        nonce: randomBytes(NONCE_BYTES).toString('hex'),
      }
      return (recordedAt) => [{ kind: 'custody', subject, predicate: { recordedAt, ...custody } }]
    }
    case 'deployed': {
      const deployed = {
        ...event,
        site: required('--site', options.site),
        actor: by,
        role: roleFrom(options.role),
        purpose: options.purpose ?? null,
        jurisdiction: options.jurisdiction ?? null,
        place: options.place ?? null,
        until: options.until === undefined ? null : validTime('--until', options.until),
        approved: await formAt(view, model, options.place),
      }
      return (recordedAt) => [{ kind: 'deployed', subject, predicate: { recordedAt, ...deployed } }]
    }
    case 'retired': {
      const retired = { ...event, site: options.site ?? null, actor: by, place: options.place ?? null }
      return (recordedAt) => [{ kind: 'retired', subject, predicate: { recordedAt, ...retired } }]
    }
    case 'claimed': {
      const claims = claimsFrom(options.claims)
      const source = oneOf('--source', options.source ?? 'person', ['person', 'card', 'metadata'] as const)
      const where = options.site === undefined ? {} : { site: options.site }
      return (recordedAt) =>
        claims.map((claim) => {
          return { kind: 'claimed', subject, predicate: { recordedAt, ...event, by, source, ...claim, ...where } }
        })
    }
    case 'evaluated':
    case 'audited': {
      const kind = options.event === 'evaluated' ? ('evaluation' as const) : ('audit' as const)
      const suite = required('--suite', options.suite)
      const metrics = metricsFrom(options.metrics ?? [])
      const evaluated = { ...event, kind, by, suite, metrics, report: options.report ?? null }
      return (recordedAt) => [{ kind: 'evaluated', subject, predicate: { recordedAt, ...evaluated } }]
    }
    case 'incident': {
      const severity = oneOf('--severity', options.severity ?? 'medium', ['low', 'medium', 'high'] as const)
      const text = required('--text', options.text)
      const incident = { ...event, by, severity, text, reference: options.reference ?? null }
      return (recordedAt) => [{ kind: 'incident', subject, predicate: { recordedAt, ...incident } }]
    }
  }
}

const NONCE_BYTES = 16

/** In what form the model is at a place, or, where none is given, everywhere; null where that is not known. */
async function formAt(
  view: LedgerView,
  model: FoundModel,
  place: string | undefined,
): Promise<PredicateOf<'deployed'>['approved']> {
  const { present } = placesFrom(await view.about([model.id], ['observed']))
  const meant = place === undefined ? present : present.filter(({ path }) => isUnder(path, place))
  const forms = new Map(
    meant.map(({ entry }) => {
      const { layout, sideFiles: beside } = entry.statement.predicate
      const sideFiles = beside ?? []
      return [JSON.stringify([layout, sideFiles.map(({ role, sha256 }) => [role, sha256])]), { layout, sideFiles }]
    }),
  )
  const [form, ...others] = forms.values()
  return form === undefined || others.length > 0 ? null : form
}

function required(option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new CommandError({ code: 'missing-option', option })
  return value
}

function oneOf<const T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((each) => each === value)
  if (found === undefined) throw new CommandError({ code: 'bad-option', option, value, takes: values.join(', ') })
  return found
}

/** In English, or as the Japanese guidelines name the roles. */
export function roleFrom(text: string | undefined): Role | null {
  if (text === undefined) return null
  const japanese: Record<string, Role> = { 開発者: 'developer', 提供者: 'provider', 利用者: 'deployer' }
  return oneOf('--role', japanese[text] ?? text, ROLES)
}

function claimsFrom(texts: readonly string[] | undefined) {
  if (texts === undefined || texts.length === 0) throw new CommandError({ code: 'missing-option', option: '--claim' })
  return texts.map((text) => {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/su.exec(text) ?? []
    const subject = CLAIM_SUBJECTS.find((claim) => claim === name || (claim === 'licence' && name === 'license'))
    if (subject === undefined)
      throw new CommandError({
        code: 'bad-option',
        option: '--claim',
        value: text,
        takes: CLAIM_SUBJECTS.map((claim) => `${claim}=…`).join(', '),
      })
    return { subject, value }
  })
}

function metricsFrom(texts: readonly string[]): Record<string, number> {
  const metrics = texts.map((text) => {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/su.exec(text) ?? []
    if (name === '' || !Number.isFinite(Number(value)))
      throw new CommandError({ code: 'bad-option', option: '--metric', value: text, takes: 'accuracy=0.91' })
    return [name, Number(value)] as const
  })
  return Object.fromEntries(metrics)
}
