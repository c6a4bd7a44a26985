import { PAYLOAD_TYPE } from '../contract/envelope.ts'
import {
  BUNDLE_MEDIA_TYPE,
  LINEAGE_PREDICATE,
  SIGNATURE_PREDICATE,
  type SignedModel,
  type SigningBundle,
  signedModel,
  signingBundle,
} from '../contract/model-signature.ts'
import { STATEMENT_TYPE } from '../contract/statement.ts'
import { preAuthEncoding } from './dsse.ts'
import { type EcKey, ecKeyHint, ecSign, ecVerify } from './ec-keys.ts'
import { sha256 } from './merkle.ts'
import { decodeBase64 } from './note.ts'

/** A file of a model, or a piece of one, by what it is called in the signature. Digests in hexadecimal. */
export interface Resource {
  name: string
  algorithm: string
  digest: string
}

/** The statement that OpenSSF Model Signing signs: every file by its SHA-256, and one digest over them all. */
export function signedModelText(name: string, resources: readonly Resource[], ignored: readonly string[]): string {
  const serialization = { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored }
  const subject = [{ name, digest: { sha256: rootDigest(resources) } }]
  const predicate = { serialization, resources }
  return JSON.stringify({ _type: STATEMENT_TYPE, subject, predicateType: SIGNATURE_PREDICATE, predicate })
}

/** What was measured of the same subject's lineage; `predicate` is the statement's own. */
export function lineageText(name: string, resources: readonly Resource[], predicate: object): string {
  const subject = [{ name, digest: { sha256: rootDigest(resources) } }]
  return JSON.stringify({ _type: STATEMENT_TYPE, subject, predicateType: LINEAGE_PREDICATE, predicate })
}

/** SHA-256 over the digests in the order in which they stand. */
export function rootDigest(resources: readonly Pick<Resource, 'digest'>[]): string {
  return Buffer.from(sha256(Buffer.concat(resources.map(({ digest }) => Buffer.from(digest, 'hex'))))).toString('hex')
}

/** A statement in a Sigstore bundle, signed with a key that the bundle names and does not hold. */
export function signBundle(statement: string, key: EcKey): string {
  const payload = Buffer.from(statement)
  const sig = Buffer.from(ecSign(key, preAuthEncoding(PAYLOAD_TYPE, payload))).toString('base64')
  const bundle: SigningBundle = {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: ecKeyHint(key) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig, keyid: '' }],
    },
  }
  return `${JSON.stringify(bundle)}\n`
}

export type ReadBundle =
  | { kind: 'none' }
  | { kind: 'bundle'; signature: 'good' | 'bad' | 'other-key'; model: SignedModel | null }

/** A bundle checked under a key. `model`: null where the signature does not hold, and nothing of it is to be believed. */
export function readBundle(text: string, key: EcKey): ReadBundle {
  const bundle = signingBundle.safeParse(parsed(text))
  if (!bundle.success) return { kind: 'none' }
  const { verificationMaterial, dsseEnvelope } = bundle.data
  const payload = decodeBase64(dsseEnvelope.payload)
  const signature = decodeBase64(dsseEnvelope.signatures[0]?.sig ?? '')
  const model = signedModel.safeParse(parsed(payload?.toString('utf8') ?? ''))
  if (payload === null || signature === null || !model.success) return { kind: 'none' }
  const hint = verificationMaterial.publicKey.hint ?? ''
  if (hint !== '' && hint !== ecKeyHint(key)) return { kind: 'bundle', signature: 'other-key', model: null }
  const isGood = ecVerify(key, preAuthEncoding(PAYLOAD_TYPE, payload), signature)
  const isWhole = model.data.subject[0]?.digest.sha256 === rootDigest(model.data.predicate.resources)
  return isGood && isWhole
    ? { kind: 'bundle', signature: 'good', model: model.data }
    : { kind: 'bundle', signature: 'bad', model: null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
