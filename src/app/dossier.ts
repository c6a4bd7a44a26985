import type { CheckReport } from '../contract/check.ts'
import { CommandError } from '../contract/command-error.ts'
import type { Dossier } from '../contract/dossier.ts'
import { checkpointFrom } from '../ledger/checkpoint.ts'
import { attestation } from '../ledger/custody.ts'
import { envelopeDigest } from '../ledger/dsse.ts'
import { type Entry, entriesFrom, ofKind } from '../ledger/entry.ts'
import { decodeNote, encodeVerifierKey } from '../ledger/note.ts'
import { KEYS_TOPIC, keyIn, modelsIn, siteTopic } from '../ledger/statement.ts'
import { charterHead, charterParts } from '../report/charter-sentences.ts'
import type { DossierMaterial } from '../report/dossier-lines.ts'
import { dossierParts } from '../report/dossier-parts.ts'
import type { Translate } from '../report/language.ts'
import type { Estate } from '../store/estate.ts'
import { dayAsked } from './charter.ts'
import { chartersInForce, type SignedCharter, signedCharters, titleOf } from './charters.ts'
import { checkModelIn, checkSiteIn } from './check.ts'
import { factsOfModel, factsOfSite, modelsAtSite, type Sources } from './facts.ts'
import { findAt } from './find-model.ts'
import { gatherModels, gatherSite } from './gather.ts'
import { type LedgerView, namesFor, shownSignatures, viewOf } from './ledger-view.ts'
import { withProofs } from './passport.ts'
import { traceIn } from './trace.ts'
import { withEstate } from './with-estate.ts'

export interface DossierOptions {
  /** A model, or a site: by its name, or as `site:NAME` where a model has that name too. */
  subject: string
  language: 'en' | 'ja'
  t: Translate
  now?: () => Date
}

/** Everything that is on record about a model or a site, under the headings that others ask by, with the statements and proofs behind it. */
export function makeDossier(
  { subject, language, t, now = () => new Date() }: DossierOptions,
  location: string,
): Promise<Dossier> {
  return withEstate(location, async (estate) => {
    const view = await viewOf(estate, null)
    const latest = await estate.latestCheckpoint()
    const checkpoint = latest && checkpointFrom(decodeNote(latest.note)?.text ?? '')
    if (latest === null || checkpoint === null) throw new CommandError({ code: 'empty-ledger' })
    const day = dayAsked(null, now)
    const about = await subjectNamed(estate, view, subject, day)
    const { site, sources, models } = about
    const options = { language, now }
    const check =
      site === null ? await checkModelIn(estate, models[0]!, options) : await checkSiteIn(estate, site, options)
    const charters = await chartersOver(view, day, models, sources)
    const material = await materialFrom(estate, view, about, charters, t)
    const parts = dossierParts(material, [...new Set(check.rules.map(({ id }) => id))])
    const numbers = numbersIn(parts, check, charters)
    const entries = await entriesNumbered(estate, view, numbers, checkpoint.size)
    return {
      schema: 'yukue.dossier/1',
      subject: check.subject,
      name: check.name,
      models: material.models.map(({ trace }) => ({ id: trace.model.id, name: trace.model.name })),
      site,
      asOf: day,
      issued: now().toISOString(),
      language,
      log: {
        origin: checkpoint.origin,
        size: checkpoint.size,
        root: Buffer.from(checkpoint.root).toString('base64'),
        checkpoint: latest.note,
      },
      keys: await keysOf(estate, view, entries),
      parts,
      check,
      charters: charters.map(({ name, version, entry }) => ({ name, version, statement: entry.number })),
      statements: await shownStatements(estate, view, entries, checkpoint.size),
    }
  })
}

interface About {
  site: string | null
  models: string[]
  sources: Sources
}

async function subjectNamed(estate: Estate, view: LedgerView, subject: string, day: string): Promise<About> {
  const site = subject.startsWith('site:') ? subject.slice('site:'.length) : subject
  if (!subject.startsWith('site:')) {
    const found = await findAt(estate, view, subject).catch((error) => {
      // a site may go by that name
      if (error instanceof CommandError && error.fault.code === 'unknown-model') return null
      throw error
    })
    if (found) return { site: null, models: [found.id], sources: await gatherModels(estate, view, [found.id], day) }
  }
  const isSite = (await view.about([siteTopic(site)], ['deployed'])).length > 0
  if (!isSite) throw new CommandError({ code: 'no-dossier-subject', name: subject })
  const sources = await gatherSite(estate, view, site, day)
  return { site, models: modelsAtSite(sources, site), sources }
}

/** The charters in force for any of the models. */
async function chartersOver(
  view: LedgerView,
  day: string,
  models: readonly string[],
  sources: Sources,
): Promise<SignedCharter[]> {
  const line = new Set(
    models.flatMap((model) => [model, ...(factsOfModel(sources, model)[0]?.ancestors ?? []).map((each) => each.model)]),
  )
  const inForce = chartersInForce(await signedCharters(view), day)
  return inForce.filter(({ models: own }) => own.some((id) => line.has(id)))
}

async function materialFrom(
  estate: Estate,
  view: LedgerView,
  { site, models, sources }: About,
  charters: readonly SignedCharter[],
  t: Translate,
): Promise<DossierMaterial> {
  const material = []
  for (const id of models) {
    const facts = (site === null ? factsOfModel(sources, id) : factsOfSite(sources, site)).filter(
      ({ subject }) => subject.model === id,
    )
    // what is known of the model at the site says more than what is known of it anywhere
    const most = facts.find((each) => each.subject.site === site) ?? facts[0]!
    const entries = await view.about([id], ['printed', 'observed', 'related'])
    const seen = new Map(ofKind(entries, 'observed').map(({ statement, number }) => [statement.predicate.path, number]))
    const related = ofKind(entries, 'related').map(({ statement, number }) => ({ models: modelsIn(statement), number }))
    const printed = ofKind(entries, 'printed').at(-1)?.number ?? null
    material.push({ trace: await traceIn(estate, id, { holders: true }), facts: most, printed, seen, related })
  }
  return {
    t,
    site,
    models: material,
    charters: charters.flatMap(({ name, version, from, entry, read }) => {
      if (!read.ok) return []
      const { charter } = read
      const says = [...charterHead(charter, t), ...charterParts(charter, t).flatMap(({ lines }) => lines)]
      const { accountable } = charter
      return [
        {
          title: titleOf(charter),
          name,
          version,
          from,
          statement: entry.number,
          status: attestation(entry),
          accountable,
          says,
        },
      ]
    }),
  }
}

function numbersIn(parts: Dossier['parts'], check: CheckReport, charters: readonly SignedCharter[]): number[] {
  const ofLines = parts.flatMap(({ sections }) =>
    sections.flatMap(({ lines }) => lines.flatMap(({ statements }) => statements)),
  )
  const ofRules = check.rules.flatMap(({ facts }) => facts.flatMap(({ statements }) => statements))
  return [...new Set([...ofLines, ...ofRules, ...charters.map(({ entry }) => entry.number)])]
}

/** The entries of these numbers, and what the log says of the keys that signed them. */
async function entriesNumbered(
  estate: Estate,
  view: LedgerView,
  numbers: readonly number[],
  size: number,
): Promise<Entry[]> {
  const raw = []
  for (const number of numbers) if (number < size) raw.push(...(await estate.entries(number, number + 1)))
  const entries = entriesFrom(raw, view.trust)
  const used = new Set(entries.flatMap(({ signed }) => signed.signatures.map(({ keyid }) => keyid)))
  const keys = (await view.about([KEYS_TOPIC])).filter(({ statement }) => {
    if (statement.kind === 'trusted') return used.has(keyIn(statement) ?? '')
    return statement.kind === 'revoked' && used.has(statement.predicate.keyId)
  })
  const all = new Map([...entries, ...keys].map((entry) => [entry.number, entry]))
  return [...all.values()].sort((a, b) => a.number - b.number)
}

async function keysOf(estate: Estate, { trust }: LedgerView, entries: readonly Entry[]): Promise<Dossier['keys']> {
  const named = await namesFor(estate, entries, trust)
  const used = new Set(entries.flatMap(({ signed }) => signed.signatures.map(({ keyid }) => keyid)))
  const keys = [...trust.values()].filter(({ id, use }) => used.has(id) || use === 'log')
  return keys.map(({ id, key, actor }) => ({ id, key: encodeVerifierKey(key), actor: named(actor) }))
}

async function shownStatements(
  estate: Estate,
  view: LedgerView,
  entries: readonly Entry[],
  size: number,
): Promise<Dossier['statements']> {
  const named = await namesFor(estate, entries, view.trust)
  const proven = await withProofs(estate, entries, size)
  return entries.map(({ number, time, statement, signed, signatures }, at) => ({
    number,
    time,
    kind: statement.kind,
    digest: Buffer.from(envelopeDigest(signed)).toString('hex'),
    signatures: shownSignatures(signatures, named),
    envelope: proven[at]!.envelope,
    proof: proven[at]!.proof,
  }))
}
