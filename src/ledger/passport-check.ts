import type { Passport, PassportFault } from '../contract/passport.ts'
import type { AnyStatement } from '../contract/statement.ts'
import { type Checkpoint, checkpointFrom } from './checkpoint.ts'
import { type Signed, signedFrom } from './dsse.ts'
import type { Entry } from './entry.ts'
import { leafOf } from './journal.ts'
import { decodeBase64, decodeNote, encodeVerifierKey, type Note, signatureOf } from './note.ts'
import type { ReadPassport } from './passport-file.ts'
import { verifyInclusion } from './proof.ts'
import { modelsIn, statementFrom } from './statement.ts'
import { type JudgedSignature, judged, type TrustedKey, trustFrom } from './trust.ts'

export interface PassportFaultAt {
  code: PassportFault
  /** Number of the statement in its log; null for what is no statement. */
  at: number | null
  detail: string | null
}

/** A passport taken apart: what is wrong with it, and what it says if nothing is. */
export interface CheckedPassport {
  faults: PassportFaultAt[]
  checkpoint: Checkpoint | null
  /** Keys as the sender's log names their owners. The sender's word, until a key that is trusted vouches for it. */
  trust: Map<string, TrustedKey>
  entries: Entry[]
  /** Under the seal. */
  signers: JudgedSignature[]
  /** Statements of kinds that this version does not know. */
  unknown: number
}

/** Checks a passport against itself: the seal, the checkpoint, every signature and every proof. Believes nobody. */
export function checkPassport(read: Extract<ReadPassport, { kind: 'passport' }>): CheckedPassport {
  const { passport, digest, canonical } = read
  const faults: PassportFaultAt[] = []
  const add = (code: PassportFault, at: number | null = null, detail: string | null = null) => {
    faults.push({ code, at, detail })
  }
  if (!canonical) add('not-canonical')
  const statements = statementsIn(passport, add)
  const trust = trustFrom(statements.flatMap(({ statement, time }) => (statement ? [{ statement, time }] : [])))
  checkKeys(passport, trust, add)
  const signers = checkSeal(passport, digest, trust, add)
  const checkpoint = checkCheckpoint(passport, trust, add)
  if (checkpoint) checkProofs(statements, checkpoint, add)
  const entries = judgedEntries(statements, trust, add)
  if (!entries.some(({ statement }) => modelsIn(statement).includes(passport.model.id)))
    add('other-model', null, passport.model.id)
  const unknown = statements.filter(({ statement }) => statement === null).length
  return { faults, checkpoint, trust, entries, signers, unknown }
}

type Add = (code: PassportFault, at?: number | null, detail?: string | null) => void

interface Carried {
  number: number
  time: string
  signed: Signed
  proof: Uint8Array[]
  /** Null for a kind that only a newer version knows. */
  statement: AnyStatement | null
}

function statementsIn({ statements }: Passport, add: Add): Carried[] {
  let before = -1
  return statements.flatMap(({ number, time, envelope, proof }) => {
    if (number <= before) add('reordered-statement', number)
    before = number
    const signed = signedFrom(envelope)
    const statement = signed && statementFrom(signed.payload)
    const hashes = proof.map((hash) => decodeBase64(hash)).filter((hash) => hash !== null)
    if (signed === null || statement === null || statement === 'not-a-statement' || hashes.length !== proof.length) {
      add('not-a-statement', number)
      return []
    }
    return [{ number, time, signed, proof: hashes, statement: statement === 'unknown-predicate' ? null : statement }]
  })
}

/** The list of keys is there for people to read; it has to be that of the statements. */
function checkKeys({ keys }: Passport, trust: ReadonlyMap<string, TrustedKey>, add: Add): void {
  const known = new Set([...trust.values()].map(({ key }) => encodeVerifierKey(key)))
  for (const key of keys) if (!known.has(key)) add('unknown-key', null, key)
}

function checkSeal(
  { seal, issued }: Passport,
  digest: string,
  trust: ReadonlyMap<string, TrustedKey>,
  add: Add,
): JudgedSignature[] {
  const signed = signedFrom(seal)
  const statement = signed && statementFrom(signed.payload)
  if (signed === null || statement === null || typeof statement === 'string' || statement.kind !== 'passport') {
    add('unsealed')
    return []
  }
  if (statement.subject[0]?.digest['sha256'] !== digest) add('broken-seal', null, digest)
  const signers = judged(signed, trust, issued)
  for (const { keyid, result } of signers) if (result !== 'good') add(faultOf(result), null, keyid)
  if (signers.length === 0) add('unsealed')
  return signers
}

function faultOf(result: JudgedSignature['result']): PassportFault {
  return result === 'bad' ? 'bad-signature' : 'unsealed'
}

function checkCheckpoint(
  { checkpoint: text }: Passport,
  trust: ReadonlyMap<string, TrustedKey>,
  add: Add,
): Checkpoint | null {
  const note = decodeNote(text)
  const checkpoint = note && checkpointFrom(note.text)
  if (note === null || checkpoint === null || !isSignedByLog(note, trust)) {
    add('bad-checkpoint')
    return null
  }
  return checkpoint
}

function isSignedByLog(note: Note, trust: ReadonlyMap<string, TrustedKey>): boolean {
  const results = [...trust.values()].filter(({ use }) => use === 'log').map(({ key }) => signatureOf(note, key))
  return results.includes('good') && !results.includes('bad')
}

function checkProofs(statements: readonly Carried[], { size, root }: Checkpoint, add: Add): void {
  for (const { number, time, signed, proof } of statements)
    if (!verifyInclusion({ index: number, size, leaf: leafOf(signed, time), root }, proof))
      add('altered-statement', number)
}

function judgedEntries(statements: readonly Carried[], trust: ReadonlyMap<string, TrustedKey>, add: Add): Entry[] {
  return statements.flatMap(({ number, time, signed, statement }) => {
    const signatures = judged(signed, trust, time)
    if (signatures.some(({ result }) => result === 'bad')) add('bad-signature', number)
    return statement === null ? [] : [{ number, time, signed, statement, signatures }]
  })
}

/**
 * Who of the signers is to be believed: those whose keys were given. One of them vouches for the whole, the sender's word about
 * other keys included.
 */
export function vouchers({ signers }: CheckedPassport, given: ReadonlySet<string>): JudgedSignature[] {
  return signers.filter(({ keyid, result }) => result === 'good' && given.has(keyid))
}
