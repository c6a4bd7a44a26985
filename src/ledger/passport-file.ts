import { PASSPORT_MAJOR, PASSPORT_MINOR, PASSPORT_SCHEMA, type Passport, passport } from '../contract/passport.ts'
import { countersigned, encodeEnvelope, type Signed, signPayload } from './dsse.ts'
import type { SigningKey } from './keys.ts'
import { sha256 } from './merkle.ts'
import { modelSubject, statementText } from './statement.ts'

/** A passport before it is sealed. */
export type PassportBody = Pick<
  Passport,
  'issued' | 'model' | 'checkpoint' | 'keys' | 'statements' | 'prints' | 'forms' | 'leftOut'
>

/**
 * The passport's text: one line of JSON without spaces, its seal last. The seal is an envelope over the digest of all that stands
 * before it, so that nothing in the file can be changed, added or taken away, signed by everyone who vouches for it.
 */
export function sealPassport(
  body: PassportBody,
  origin: string,
  signers: readonly [SigningKey, ...SigningKey[]],
): string {
  const open = JSON.stringify({ schema: PASSPORT_SCHEMA, minor: PASSPORT_MINOR, ...body })
  const { model, issued, checkpoint, statements } = body
  const payload = statementText({
    kind: 'passport',
    subject: [{ name: 'passport', digest: { sha256: hex(sha256(open)) } }, modelSubject(model.id, model.name)],
    predicate: { recordedAt: issued, log: origin, checkpoint, statements: statements.length },
  })
  const [first, ...others] = signers
  const seal = others.reduce((signed: Signed, key) => countersigned(signed, key), signPayload(payload, first))
  return `${open.slice(0, -1)},"seal":${encodeEnvelope(seal)}}\n`
}

/** What a text holds: a passport and the digest that its seal must be over, or why it cannot be read. */
export type ReadPassport =
  | { kind: 'passport'; passport: Passport; digest: string; canonical: boolean; newerMinor: boolean }
  | { kind: 'newer'; version: string }
  | { kind: 'none' }

export function readPassport(text: string): ReadPassport {
  const value = jsonIn(text)
  if (typeof value !== 'object' || value === null) return { kind: 'none' }
  const major = /^yukue\.passport\/(\d{1,6})$/.exec('schema' in value ? String(value.schema) : '')?.[1]
  if (major === undefined) return { kind: 'none' }
  if (Number(major) > PASSPORT_MAJOR) return { kind: 'newer', version: `${major}.${minorIn(value)}` }
  const parsed = passport.safeParse(value)
  if (!parsed.success) return { kind: 'none' }
  // of the text as it was written: what a newer version added is under the seal too
  const { seal, ...rest } = value as { seal: unknown }
  const open = JSON.stringify(rest)
  return {
    kind: 'passport',
    passport: parsed.data,
    digest: hex(sha256(open)),
    canonical: `${open.slice(0, -1)},"seal":${JSON.stringify(seal)}}\n` === text,
    newerMinor: parsed.data.minor > PASSPORT_MINOR,
  }
}

function minorIn(value: object): string {
  return 'minor' in value && Number.isSafeInteger(value.minor) ? String(value.minor) : '?'
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
