import { z } from 'zod'
import { PAYLOAD_TYPE } from './envelope.ts'
import { STATEMENT_TYPE } from './statement.ts'

/** The Sigstore bundle that OpenSSF Model Signing writes, https://github.com/sigstore/protobuf-specs (bundle 0.3, JSON). */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** https://github.com/sigstore/model-transparency: the predicate of a signed model. */
export const SIGNATURE_PREDICATE = 'https://model_signing/signature/v1.0'

/** Measured lineage as a statement beside such a signature, about the same subject. */
export const LINEAGE_PREDICATE = 'urn:yukue:predicate:lineage:1'

/** As many files as any reader of models takes, or shards of 1 GB of them. */
const MAX_RESOURCES = 1_000_000

export const signingBundle = z.looseObject({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.looseObject({
    /** SHA-256 of the public key's PEM text, in hexadecimal; older bundles have none. */
    publicKey: z.looseObject({ hint: z.string().nullish() }),
  }),
  dsseEnvelope: z.looseObject({
    payload: z.string(),
    payloadType: z.literal(PAYLOAD_TYPE),
    signatures: z.array(z.looseObject({ sig: z.string(), keyid: z.string().nullish() })).length(1),
  }),
})

export type SigningBundle = z.infer<typeof signingBundle>

export const HASH_TYPES = ['sha256', 'blake2b', 'blake3'] as const
export type HashType = (typeof HASH_TYPES)[number]

/** `sha256`, or `sha256-sharded-1000000000` where files were cut up. */
const algorithm = z.string().regex(/^(sha256|blake2b|blake3)(-sharded-\d+)?$/)

export const signedModel = z.looseObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.looseObject({ name: z.string().optional(), digest: z.looseObject({ sha256: z.string() }) }))
    .length(1),
  predicateType: z.literal(SIGNATURE_PREDICATE),
  predicate: z.looseObject({
    serialization: z.looseObject({
      method: z.enum(['files', 'shards']),
      allow_symlinks: z.boolean(),
      ignore_paths: z.array(z.string()).optional(),
    }),
    resources: z
      .array(z.looseObject({ name: z.string(), algorithm, digest: z.string().regex(/^[0-9a-f]+$/) }))
      .max(MAX_RESOURCES),
  }),
})

export type SignedModel = z.infer<typeof signedModel>

/** `yukue verify PATH --bundle FILE --json`. Fields may be added, never renamed. */
export const filesReport = z.object({
  schema: z.literal('yukue.verify-files/1'),
  path: z.string(),
  bundle: z.string(),
  /** `refused`: the signature does not hold. `disputed`: it does, and the files are not those that were signed. */
  verdict: z.enum(['verified', 'disputed', 'refused']),
  signature: z.enum(['good', 'bad', 'other-key']),
  /** Resources that were signed. */
  files: z.number().int(),
  differences: z.array(z.object({ name: z.string(), change: z.enum(['changed', 'missing', 'added']) })),
})

export type FilesReport = z.infer<typeof filesReport>

/** `yukue sign PATH --json`. */
export const signReport = z.object({
  schema: z.literal('yukue.sign/1'),
  path: z.string(),
  bundle: z.string(),
  lineage: z.string().nullable(),
  files: z.number().int(),
  /** SHA-256 over all digests, by which the model is named in the statement. */
  digest: z.string(),
})

export type SignReport = z.infer<typeof signReport>
