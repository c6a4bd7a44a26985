import { z } from 'zod'

/** What DSSE envelopes of in-toto statements say that they hold. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** As large as a statement about a model of 131,072 files could be; more is not read. */
export const MAX_ENVELOPE_BYTES = 64 * 1024 * 1024

const MAX_SIGNATURES = 16

/** A DSSE v1 envelope, https://github.com/secure-systems-lab/dsse/blob/master/envelope.md. */
export const envelope = z.object({
  /** Base64. */
  payload: z.string(),
  payloadType: z.literal(PAYLOAD_TYPE),
  signatures: z.array(z.object({ keyid: z.string().max(256), sig: z.string().max(16_384) })).max(MAX_SIGNATURES),
})

export type Envelope = z.infer<typeof envelope>
