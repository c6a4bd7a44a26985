import type { Actor, Role } from '../contract/actor.ts'
import type { PredicateKind } from '../contract/predicates.ts'
import type { AnyStatement } from '../contract/statement.ts'
import type { Change } from './changes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { envelopeDigest, type Signed, signPayload } from './dsse.ts'
import { keyIdOf, type PublicKey, type SigningKey } from './keys.ts'
import { leafHash } from './merkle.ts'
import { encodeNote, encodeVerifierKey } from './note.ts'
import { keySubject, keyTopic, modelSubject, statementText, topicsOf } from './statement.ts'
import { appended, edgeOf, rootFromEdge, type Tile, type TileKey } from './tiles.ts'

/** A signed statement on its way into the log. */
export interface Draft {
  kind: PredicateKind
  signed: Signed
  /** Under which it is to be found. */
  topics: string[]
}

/**
 * What the store needs of the ledger to enter statements in the transaction that records the facts: how they are worded
 * and signed, and how the tree grows. Handed in, so that the store knows of neither.
 */
export interface Journal {
  /** Under which it is found that the writer's key is known. */
  readonly keyTopic: string
  /** Where the log is new, it is known by this name from then on. */
  readonly origin: string
  /** Says whose key writes; entered before the first statement that the key signs. */
  introduction(time: string): Draft
  statements(changes: readonly Change[], time: string): Draft[]
  /** The hash of the leaf that an envelope entered at `time` (RFC 3339) has. */
  leaf(signed: Signed, time: string): Uint8Array
  edge(size: number): TileKey[]
  /** The tree after `leaves` were appended: tiles new or changed, and its root. */
  grow(size: number, edge: readonly Tile[], leaves: readonly Uint8Array[]): { tiles: Tile[]; root: Uint8Array }
  /** The signed checkpoint, as text. */
  checkpoint(origin: string, size: number, root: Uint8Array): string
}

/** Who writes, with which key. */
export interface Writer {
  key: SigningKey
  actor: Actor
  role: Role | null
  expires: string | null
}

export function journalOf(writer: Writer): Journal {
  const { key } = writer
  return {
    keyTopic: keyTopic(keyIdOf(key)),
    origin: key.name,
    introduction: (time) => draft(trustStatement({ ...writer, use: 'log' }, time), key),
    statements: (changes, time) => changes.map((change) => draft(statementOf(change, time), key)),
    leaf: leafOf,
    edge: edgeOf,
    grow(size, edge, leaves) {
      const tiles = appended(size, edge, leaves)
      return { tiles, root: rootFromEdge(size + leaves.length, [...tiles, ...edge]) }
    },
    checkpoint: (origin, size, root) => encodeNote(signCheckpoint({ origin, size, root }, key)),
  }
}

/** The statement signed, ready to be entered. */
export function draft(statement: AnyStatement, key: SigningKey): Draft {
  return draftOf(statement, signPayload(statementText(statement), key))
}

/** A statement that others have signed too. */
export function draftOf(statement: AnyStatement, signed: Signed): Draft {
  return { kind: statement.kind, signed, topics: topicsOf(statement, signed.payload) }
}

const TIME_BYTES = 8

/**
 * The leaf of an entry: the digest of the envelope and when it was entered (milliseconds since 1970, big-endian), so that
 * neither can be changed later. The envelope itself stays off the tree.
 */
export function leafOf(signed: Signed, time: string): Uint8Array {
  const stamp = Buffer.alloc(TIME_BYTES)
  stamp.writeBigUInt64BE(BigInt(Date.parse(time)))
  return leafHash(Buffer.concat([envelopeDigest(signed), stamp]))
}

/** Says whose a key is and what it counts for. */
export function trustStatement(
  trust: { key: PublicKey; noteType?: number; use: 'signer' | 'log' | 'witness' } & Pick<
    Writer,
    'actor' | 'role' | 'expires'
  >,
  time: string,
): AnyStatement {
  const { key, noteType, use, actor, role, expires } = trust
  return {
    kind: 'trusted',
    subject: [keySubject(keyIdOf(key))],
    predicate: { recordedAt: time, key: encodeVerifierKey(key, noteType), use, actor, role, expires },
  }
}

function statementOf(change: Change, recordedAt: string): AnyStatement {
  switch (change.kind) {
    case 'observed': {
      const { model, findings, ...sighting } = change.sighting
      const codes = [...new Set(findings.map(({ code }) => code))]
      const { path, place, format, layout, bytes, files, sideFiles } = sighting
      const seen = { path, place, format, layout, bytes, files, sideFiles, findings: codes }
      const subject = [modelSubject(model), ...filesOf(files)]
      return { kind: 'observed', subject, predicate: { recordedAt, state: change.state, ...seen } }
    }
    case 'printed': {
      const { id, ...printing } = change.printing
      return { kind: 'printed', subject: [modelSubject(id, printing.name)], predicate: { recordedAt, ...printing } }
    }
    case 'related': {
      const { relation, state } = change
      const subject = [relation.child, ...relation.parents.map(({ id }) => id)].map((id) => modelSubject(id))
      return { kind: 'related', subject, predicate: { recordedAt, state, relation } }
    }
  }
}

/** Every file by its SHA-256 too, as programs that know nothing of models look for it. */
function filesOf(files: { path: string; sha256: string }[]): AnyStatement['subject'] {
  return files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } }))
}
