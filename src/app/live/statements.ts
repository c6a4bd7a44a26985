import type {
  CheckpointAnswer,
  Consistency,
  ProvenStatement,
  Statements,
  Witnesses,
} from '../../contract/api-ledger.ts'
import { CommandError } from '../../contract/command-error.ts'
import { PAYLOAD_TYPE } from '../../contract/envelope.ts'
import type { AnyStatement } from '../../contract/statement.ts'
import { type Checkpoint, checkpointFrom, cosignedAt } from '../../ledger/checkpoint.ts'
import { encodeEnvelope } from '../../ledger/dsse.ts'
import { type Entry, entriesFrom } from '../../ledger/entry.ts'
import { inclusionProofs, tilesForProofs } from '../../ledger/inclusion.ts'
import { leafOf } from '../../ledger/journal.ts'
import { consistencyRanges } from '../../ledger/merkle.ts'
import { decodeNote, encodeVerifierKey, type Note } from '../../ledger/note.ts'
import { modelsIn, siteTopic, statementFrom } from '../../ledger/statement.ts'
import { rootsOver, tilesFor } from '../../ledger/tiles.ts'
import { judged } from '../../ledger/trust.ts'
import type { Estate } from '../../store/estate.ts'
import type { LedgerEntry } from '../../store/ledger.ts'
import { findAt } from '../find-model.ts'
import { type LedgerView, namesFor, rootAt, shownSignatures } from '../ledger-view.ts'
import { type LiveEstate, namesOf } from './live-estate.ts'
import { cursorOf, type Paging, placeIn } from './paging.ts'

export interface StatementsQuery extends Paging {
  model?: string | undefined
  site?: string | undefined
  kind?: string | undefined
}

/** Statements of the log, the newest first. */
export async function listStatements(live: LiveEstate, query: StatementsQuery): Promise<Statements> {
  const { estate } = live
  const view = await live.view()
  const [before] = placeIn(query.cursor, ['number']) ?? [view.size]
  const topics = await topicsOf(estate, view, query)
  const wanted = { before: Math.min(before, view.size), kind: query.kind ?? null, topics }
  const raw = await estate.entriesBefore(wanted, query.limit + 1)
  const page = raw.slice(0, query.limit)
  // judged once: a signature takes as long as all the rest of its line
  const known = entriesFrom(page, view.trust)
  const byNumber = new Map(known.map((entry) => [entry.number, entry]))
  const models = await namesOf(live, [...new Set(known.flatMap(({ statement }) => modelsIn(statement)))])
  const byId = new Map(models.map((model) => [model.id, model]))
  const named = await namesFor(estate, known, view.trust)
  return {
    items: page.map(({ number, time, kind, signed }) => {
      const entry = byNumber.get(number)
      const statement = entry ? (entry.statement as AnyStatement) : null
      return {
        number,
        time,
        kind,
        models: statement ? modelsIn(statement).map((id) => byId.get(id)!) : [],
        about: statement && aboutOf(statement),
        signatures: shownSignatures(entry?.signatures ?? judged(signed, view.trust, time), named),
      }
    }),
    next: raw.length > query.limit ? cursorOf([page.at(-1)!.number]) : null,
    size: view.size,
  }
}

async function topicsOf(estate: Estate, view: LedgerView, { model, site }: StatementsQuery): Promise<string[]> {
  const topics = model === undefined ? [] : [(await findAt(estate, view, model)).id]
  return site === undefined ? topics : [...topics, siteTopic(site)]
}

function readable(statement: ReturnType<typeof statementFrom>): AnyStatement | null {
  return typeof statement === 'string' ? null : statement
}

function aboutOf({ kind, predicate }: AnyStatement): string | null {
  switch (kind) {
    case 'observed':
      return predicate.path
    case 'related':
      return predicate.relation.changes.join(', ')
    case 'custody':
      return predicate.event
    case 'deployed':
    case 'retired':
    case 'measured':
      return predicate.site
    case 'claimed':
      return predicate.subject
    case 'evaluated':
      return predicate.suite
    case 'charter':
    case 'printed':
      return predicate.name
    case 'incident':
      return predicate.severity
    default:
      return null
  }
}

/** A statement with all that proves it to stand in the log. */
export async function provenStatement(live: LiveEstate, number: number): Promise<ProvenStatement> {
  const { estate } = live
  const view = await live.view()
  const { answer, checkpoint } = await latestCheckpoint(estate)
  const [entry] = number < checkpoint.size ? await estate.entries(number, number + 1) : []
  if (!entry) throw new CommandError({ code: 'no-such-statement', number: `${number}` })
  const [proof] = inclusionProofs(
    [number],
    checkpoint.size,
    await estate.tiles(tilesForProofs([number], checkpoint.size)),
  )
  const { time, kind, signed } = entry
  const statement = readable(statementFrom(signed.payload))
  const known = entriesFrom([entry], view.trust) as Entry[]
  const named = await namesFor(estate, known, view.trust)
  return {
    number,
    time,
    kind,
    envelope: {
      payload: base64(Buffer.from(signed.payload)),
      payloadType: PAYLOAD_TYPE,
      signatures: signed.signatures,
    },
    text: encodeEnvelope(signed),
    leaf: base64(leafOf(signed, time)),
    proof: proof!.map(base64),
    checkpoint: answer,
    signatures: shownSignatures(judged(signed, view.trust, time), named),
    models: statement ? await namesOf(live, modelsIn(statement)) : [],
    keys: keysFor(view, entry),
  }
}

/** Of whoever signed it, and of the log. */
function keysFor({ trust }: LedgerView, { signed }: LedgerEntry): string[] {
  const signers = new Set(signed.signatures.map(({ keyid }) => keyid))
  const wanted = [...trust.values()].filter(({ id, use }) => use === 'log' || signers.has(id))
  return wanted.map(({ key }) => encodeVerifierKey(key))
}

/** The head of the log, signed. Refuses where nothing was entered yet. */
export async function latestCheckpoint(
  estate: Estate,
): Promise<{ answer: CheckpointAnswer; checkpoint: Checkpoint; note: Note }> {
  const latest = await estate.latestCheckpoint()
  const note = latest && decodeNote(latest.note)
  const checkpoint = note && checkpointFrom(note.text)
  if (!note || !checkpoint) throw new CommandError({ code: 'empty-ledger' })
  const { origin, size, root } = checkpoint
  return { answer: { origin, size, root: base64(root), note: latest.note }, checkpoint, note }
}

/** That the log of one size begins with the log of another. */
export async function consistencyOf(estate: Estate, from: number, to: number | undefined): Promise<Consistency> {
  const { answer, checkpoint } = await latestCheckpoint(estate)
  const size = to ?? checkpoint.size
  if (size > checkpoint.size) throw new CommandError({ code: 'bad-number', option: 'to', value: `${to}` })
  if (from > size || from < 1) throw new CommandError({ code: 'bad-number', option: 'from', value: `${from}` })
  const ranges = consistencyRanges(from, size)
  const proof = rootsOver(ranges, await estate.tiles(tilesFor(ranges)))
  return {
    from: { size: from, root: base64(await rootAt(estate, from)) },
    to: { size, root: base64(await rootAt(estate, size)) },
    proof: proof.map(base64),
    checkpoint: answer,
  }
}

/** Checkpoints looked through for cosignatures, the latest of them; a witness that was not heard of for so long is late. */
const CHECKPOINTS = 1_000

/** Witnesses that are known here, and how far each has cosigned. */
export async function witnessesOf(live: LiveEstate): Promise<Witnesses> {
  const { estate } = live
  const view = await live.view()
  const witnesses = [...view.trust.values()].filter(({ use }) => use === 'witness')
  const notes = witnesses.length === 0 ? [] : await estate.lastCheckpoints(CHECKPOINTS)
  const named = await namesFor(estate, [], view.trust)
  const signed = notes.flatMap(({ note }) => {
    const decoded = decodeNote(note)
    const checkpoint = decoded && checkpointFrom(decoded.text)
    // of one signature only, the log's own
    return decoded && checkpoint && decoded.signatures.length > 1 ? [{ note, decoded, checkpoint }] : []
  })
  const items = witnesses.map(({ key, actor, revoked }) => {
    const found = signed.find(({ decoded }) => cosignedAt(decoded, key) !== null)
    const seconds = found && cosignedAt(found.decoded, key)
    const cosigned =
      found && typeof seconds === 'number'
        ? { size: found.checkpoint.size, time: new Date(seconds * 1_000).toISOString() }
        : null
    return { key: encodeVerifierKey(key), name: key.name, actor: named(actor), revoked, cosigned }
  })
  const sizes = items.flatMap(({ cosigned }) => cosigned?.size ?? [])
  const latest = signed.find(({ checkpoint }) => checkpoint.size === Math.max(...sizes))
  return {
    items,
    latest: latest ? { ...latest.checkpoint, root: base64(latest.checkpoint.root), note: latest.note } : null,
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
