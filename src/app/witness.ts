import { type CheckpointFault, CommandError } from '../contract/command-error.ts'
import type { WitnessReport } from '../contract/witness.ts'
import { type Checkpoint, checkpointFrom, cosign, cosignedAt } from '../ledger/checkpoint.ts'
import type { PublicKey } from '../ledger/keys.ts'
import { consistencyRanges } from '../ledger/merkle.ts'
import { decodeNote, encodeNote, type Note, signatureOf } from '../ledger/note.ts'
import { verifyConsistency } from '../ledger/proof.ts'
import { rootsOver, tilesFor } from '../ledger/tiles.ts'
import type { TrustedKey } from '../ledger/trust.ts'
import { decodeWitnessRequest, encodeWitnessRequest } from '../ledger/witness-request.ts'
import type { Estate } from '../store/estate.ts'
import { viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'
import { writerNamed } from './record.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** The latest checkpoint, signed: to be kept where whoever holds the estate cannot reach it. */
export function latestNote(location: string): Promise<WitnessReport & { text: string }> {
  return withEstate(location, async (estate) => {
    const { checkpoint, note } = await latestOf(estate)
    return { ...reportOf('checkpoint', checkpoint), text: encodeNote(note) }
  })
}

/** What a witness is asked: the checkpoint, and a proof from the size that it cosigned last. */
export function witnessRequest(oldSize: number, location: string): Promise<WitnessReport & { text: string }> {
  return withEstate(location, async (estate) => {
    const { checkpoint, note } = await latestOf(estate)
    if (oldSize > checkpoint.size) throw new CommandError({ code: 'bad-number', option: '--from', value: `${oldSize}` })
    const ranges = consistencyRanges(oldSize, checkpoint.size)
    const proof = rootsOver(ranges, await estate.tiles(tilesFor(ranges)))
    return {
      ...reportOf('request', checkpoint),
      text: encodeWitnessRequest({ oldSize, proof, checkpoint: note }),
    }
  })
}

/** As a witness: cosigns the checkpoint of a log whose key is known here, where it only adds to the last one seen. */
export function cosignRequest(
  file: GivenFile,
  keyName: string | undefined,
  location: string,
  signing: Signing = {},
): Promise<WitnessReport & { text: string }> {
  const request = decodeWitnessRequest(file.text)
  const checkpoint = request && checkpointFrom(request.checkpoint.text)
  if (!request || !checkpoint) throw new CommandError({ code: 'bad-file', path: file.path, what: 'witness-request' })
  return withEstate(
    location,
    async (estate) => {
      const view = await viewOf(estate, null)
      const logs = [...view.trust.values()].filter(({ use, revoked }) => use === 'log' && revoked === null)
      checkSignature(request.checkpoint, logs, file)
      const last = await lastCosigned(estate, checkpoint.origin)
      if ((last?.size ?? 0) !== request.oldSize) throw refused(file, 'old-size')
      if (last !== null && checkpoint.size < last.size) throw refused(file, 'rolled-back')
      const former = last ?? { size: 0, root: new Uint8Array() }
      if (!verifyConsistency(former, checkpoint, request.proof)) throw refused(file, 'inconsistent')
      const seconds = Math.floor((signing.now ?? (() => new Date()))().getTime() / 1_000)
      const { key } = writerNamed(location, keyName, signing)
      const cosigned = { text: request.checkpoint.text, signatures: [cosign(request.checkpoint.text, key, seconds)] }
      const text = encodeNote({ ...cosigned, signatures: [...request.checkpoint.signatures, ...cosigned.signatures] })
      // on disk before it is given away: a witness that forgets what it signed could sign two histories
      if (!(await estate.recordWitnessed(checkpoint.origin, last?.size ?? null, { size: checkpoint.size, note: text })))
        throw refused(file, 'old-size')
      return { ...reportOf('cosigned', checkpoint), text }
    },
    signing,
  )
}

async function lastCosigned(estate: Estate, origin: string): Promise<Checkpoint | null> {
  const last = await estate.lastWitnessed(origin)
  const note = last && decodeNote(last.note)
  return note && checkpointFrom(note.text)
}

/** The log's side: keeps the cosignatures of known witnesses with its checkpoint. */
export function acceptCosigned(file: GivenFile, location: string): Promise<WitnessReport> {
  const note = decodeNote(file.text)
  const checkpoint = note && checkpointFrom(note.text)
  if (!note || !checkpoint) throw new CommandError({ code: 'bad-file', path: file.path, what: 'checkpoint' })
  return withEstate(location, async (estate) => {
    const [kept] = await estate.checkpoints(checkpoint.size, 1)
    const own = kept?.size === checkpoint.size ? decodeNote(kept.note) : null
    if (own?.text !== note.text) throw refused(file, 'other-log')
    const view = await viewOf(estate, null)
    const witnesses = [...view.trust.values()].filter(({ use, revoked }) => use === 'witness' && revoked === null)
    const good = witnesses.filter(({ key }) => cosignedAt(note, key) !== null)
    if (good.length === 0) throw refused(file, 'unknown-witness')
    const names = new Set(good.map(({ key }) => key.name))
    const fresh = note.signatures.filter(({ name, bytes }) => {
      return names.has(name) && !own.signatures.some((known) => Buffer.compare(known.bytes, bytes) === 0)
    })
    const text = encodeNote({ text: own.text, signatures: [...own.signatures, ...fresh] })
    await estate.replaceCheckpoint({ size: checkpoint.size, note: text })
    return { ...reportOf('accepted', checkpoint), witnesses: [...names] }
  })
}

async function latestOf(estate: Estate): Promise<{ checkpoint: Checkpoint; note: Note }> {
  const latest = await estate.latestCheckpoint()
  const note = latest && decodeNote(latest.note)
  const checkpoint = note && checkpointFrom(note.text)
  if (!note || !checkpoint) throw new CommandError({ code: 'empty-ledger' })
  return { checkpoint, note }
}

function checkSignature(note: Note, logs: readonly TrustedKey[], file: GivenFile): void {
  const results = logs.map(({ key }: { key: PublicKey }) => signatureOf(note, key))
  if (results.includes('bad')) throw refused(file, 'bad-signature')
  if (!results.includes('good')) throw refused(file, 'unknown-log')
}

function reportOf(step: WitnessReport['step'], { origin, size, root }: Checkpoint): WitnessReport {
  const encoded = Buffer.from(root).toString('base64')
  return { schema: 'yukue.witness/1', step, origin, size, root: encoded, witnesses: [] }
}

function refused({ path }: GivenFile, why: CheckpointFault): CommandError {
  return new CommandError({ code: 'refused-checkpoint', path, why })
}
