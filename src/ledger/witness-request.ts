import { HASH_BYTES } from './merkle.ts'
import { decodeBase64, decodeNote, encodeNote, type Note } from './note.ts'

/** What a log asks of a witness, in the form of https://c2sp.org/tlog-witness add-checkpoint. */
export interface WitnessRequest {
  /** The size that the witness cosigned last, 0 at first. */
  oldSize: number
  /** From there to the checkpoint. */
  proof: Uint8Array[]
  checkpoint: Note
}

/** The specification's own limit: a proof between sizes below 2⁶⁴ has no more hashes. */
const MAX_PROOF = 63

export function encodeWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`)
  return `old ${oldSize}\n${lines.join('')}\n${encodeNote(checkpoint)}`
}

/** Null for what is no such request. */
export function decodeWitnessRequest(text: string): WitnessRequest | null {
  const end = text.indexOf('\n\n')
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\n')
  const size = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1]
  const checkpoint = decodeNote(text.slice(end + 2))
  const proof = lines.map((line) => decodeBase64(line))
  if (size === undefined || checkpoint === null || proof.length > MAX_PROOF) return null
  const hashes = proof.filter((hash) => hash?.length === HASH_BYTES).map((hash) => hash!)
  return hashes.length === proof.length ? { oldSize: Number(size), proof: hashes, checkpoint } : null
}
