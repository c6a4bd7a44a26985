import type { Charter } from '../contract/charter.ts'
import type { CharterList, CharterRecorded, CharterShown, CharterVersion } from '../contract/charter-reports.ts'
import { CommandError } from '../contract/command-error.ts'
import { readCharter } from '../govern/charter-text.ts'
import { attestation } from '../ledger/custody.ts'
import { draft } from '../ledger/journal.ts'
import { modelSubject } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { chartersInForce, dayOf, type SignedCharter, signedCharters } from './charters.ts'
import { type LedgerView, type NameActor, namesFor, shownSignatures, validTime, viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'
import { recordable, writerNamed } from './record.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** The charter in a text; refuses one that is none, with line and column. */
export function charterIn({ path, text }: GivenFile): Charter {
  const read = readCharter(text)
  if (!read.ok) throw new CommandError({ code: 'bad-charter', path, fault: read.fault })
  return read.charter
}

/** Signs a charter into the ledger as the next version of its name. The very text of the latest version is not entered again. */
export function recordCharter(
  file: GivenFile,
  options: { key?: string | undefined },
  location: string,
  signing: Signing = {},
): Promise<CharterRecorded> {
  const charter = charterIn(file)
  return withEstate(
    location,
    async (estate) => {
      const writer = writerNamed(location, options.key, signing)
      const view = await viewOf(estate, null)
      const models = await Promise.all(charter.models.map((reference) => recordable(estate, view, reference)))
      const same = (await signedCharters(view)).filter(({ name }) => name === charter.name)
      const latest = same.reduce<SignedCharter | null>(
        (most, each) => (most && most.version > each.version ? most : each),
        null,
      )
      if (latest && latest.entry.statement.predicate.text === file.text)
        return recorded(latest, models, latest.entry.number, false)
      const now = (signing.now ?? (() => new Date()))().toISOString()
      const at = charter.inForce?.from ?? dayOf(now)
      const version = (latest?.version ?? 0) + 1
      const subject = models.map(({ id, name }) => modelSubject(id, name))
      const { name } = charter
      const statement = await estate.enter((recordedAt) => [
        draft(
          { kind: 'charter', subject, predicate: { recordedAt, at, name, version, by: writer.actor, text: file.text } },
          writer.key,
        ),
      ])
      return recorded({ name, version, from: at, until: charter.inForce?.until ?? null }, models, statement, true)
    },
    signing,
  )
}

function recorded(
  { name, version, from, until }: Pick<SignedCharter, 'name' | 'version' | 'from' | 'until'>,
  models: readonly { id: string; name: string }[],
  statement: number,
  entered: boolean,
): CharterRecorded {
  const named = models.map(({ id, name }) => ({ id, name }))
  return { schema: 'yukue.charter-recorded/1', name, version, from, until, models: named, statement, entered }
}

/** Every charter on record with its versions, the latest first. */
export function listCharters(
  location: string,
  asOf: string | null,
  now: () => Date = () => new Date(),
): Promise<CharterList> {
  return withEstate(location, async (estate) => {
    const view = await viewOf(estate, asOf)
    const day = asOf === null ? dayOf(now().toISOString()) : dayOf(asOf)
    const signed = await signedCharters(view)
    const versions = await shownVersions(estate, view, signed, day)
    const names = [...new Set(signed.map(({ name }) => name))].sort()
    const charters = names.map((name) => {
      const own = signed.filter((each) => each.name === name)
      const readable = own.findLast(({ read }) => read.ok)?.read
      const title = readable?.ok ? (readable.charter.title ?? null) : null
      return { name, title, versions: own.map((each) => versions.get(each)!).reverse() }
    })
    return { schema: 'yukue.charters/1', asOf: day, charters }
  })
}

/** A version of a charter: the one asked for, or that in force on the day, or the latest. */
export function showCharter(
  name: string,
  options: { version?: string | undefined; asOf?: string | undefined },
  location: string,
  now: () => Date = () => new Date(),
): Promise<CharterShown> {
  return withEstate(location, async (estate) => {
    const view = await viewOf(estate, options.asOf ?? null)
    const day = options.asOf === undefined ? dayOf(now().toISOString()) : dayOf(options.asOf)
    const signed = await signedCharters(view)
    const one = chosenVersion(signed, name, options.version, day)
    return shownCharter(estate, view, one, signed, day)
  })
}

/** Refuses a name or a version that is not on record. */
export function chosenVersion(
  signed: readonly SignedCharter[],
  name: string,
  version: string | undefined,
  day: string,
): SignedCharter {
  const own = signed.filter((each) => each.name === name)
  const latest = own.at(-1)
  if (!latest) throw new CommandError({ code: 'unknown-charter', name })
  const one =
    version === undefined
      ? chartersInForce(own, day)[0]
      : own.find((each) => String(each.version) === version.replace(/^v/, ''))
  if (one) return one
  if (version === undefined) throw new CommandError({ code: 'charter-not-in-force', name, day })
  throw new CommandError({ code: 'no-charter-version', name, version, latest: latest.version })
}

export async function shownCharter(
  estate: Estate,
  view: LedgerView,
  one: SignedCharter,
  signed: readonly SignedCharter[],
  day: string,
): Promise<CharterShown> {
  const version = (await shownVersions(estate, view, signed, day)).get(one)!
  const { text } = one.entry.statement.predicate
  return {
    schema: 'yukue.charter-shown/1',
    name: one.name,
    ...version,
    text,
    charter: one.read.ok ? one.read.charter : null,
  }
}

async function shownVersions(
  estate: Estate,
  view: LedgerView,
  signed: readonly SignedCharter[],
  day: string,
): Promise<Map<SignedCharter, CharterVersion>> {
  const named = await namesFor(
    estate,
    signed.map(({ entry }) => entry),
    view.trust,
  )
  const models = await estate.modelsAt([...new Set(signed.flatMap(({ models }) => models))], view.size)
  const current = new Set(chartersInForce(signed, day))
  const nameOf = (id: string) => models.get(id)?.name ?? id.replace(/^declared:/, '')
  return new Map(signed.map((each) => [each, shownVersion(each, { named, nameOf, inForce: current.has(each) })]))
}

function shownVersion(
  { version, from, until, models, entry }: SignedCharter,
  { named, nameOf, inForce }: { named: NameActor; nameOf(id: string): string; inForce: boolean },
): CharterVersion {
  const { by } = entry.statement.predicate
  return {
    version,
    from,
    until,
    inForce,
    models: models.map((id) => ({ id, name: nameOf(id) })),
    by: by && named(by),
    status: attestation(entry),
    statement: entry.number,
    signatures: shownSignatures(entry.signatures, named),
  }
}

/** The day that a command is asked about. */
export function dayAsked(asOf: string | null, now: () => Date): string {
  return dayOf(asOf === null ? now().toISOString() : validTime('--as-of', asOf))
}
