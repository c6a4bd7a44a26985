import { basename, dirname, posix } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { Passport, PassportMade } from '../contract/passport.ts'
import { PREDICATE_KINDS, type PredicateKind } from '../contract/predicates.ts'
import { PRINT_VERSION } from '../contract/print.ts'
import { encodePrint, shareable } from '../identify/print-file.ts'
import { decodePrint } from '../identify/print-file-decode.ts'
import { checkpointFrom } from '../ledger/checkpoint.ts'
import { encodeEnvelope } from '../ledger/dsse.ts'
import type { Entry } from '../ledger/entry.ts'
import { inclusionProofs, tilesForProofs } from '../ledger/inclusion.ts'
import { keyIdOf } from '../ledger/keys.ts'
import { decodeNote, encodeVerifierKey } from '../ledger/note.ts'
import { sealPassport } from '../ledger/passport-file.ts'
import { placesFrom } from '../ledger/places.ts'
import { FOREIGN_KEYS_TOPIC, KEYS_TOPIC, keyIn, modelsIn } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { keysFolder } from '../store/key-files.ts'
import { type FoundModel, findAt } from './find-model.ts'
import { estateKey } from './keys.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import { writerNamed } from './record.ts'
import { type Signing, withEstate } from './with-estate.ts'

export interface PassportOptions {
  model: string
  /** Keys that seal it beside the estate's own. */
  keys: string[]
  /** Kinds of statements to keep back. */
  leaveOut: string[]
  /** Whether prints go along. */
  prints: boolean
  /** Leaves the sketches of small tensors out of the model's own print too: for a passport that goes where its model does not. */
  share: boolean
}

/** What is known of the models that a passport's own came from: how they were made and judged, not who else has them. */
const OF_ANCESTORS: PredicateKind[] = ['printed', 'related', 'claimed', 'evaluated', 'incident', 'imported']

/** Further back, prints and statements would outweigh the model's own. */
const MAX_ANCESTORS = 1_000

/** Everything the log has about a model, with proofs, as one sealed text. */
export function makePassport(
  options: PassportOptions,
  location: string,
  signing: Signing = {},
): Promise<Omit<PassportMade, 'path'> & { text: string }> {
  return withEstate(
    location,
    async (estate) => {
      const view = await viewOf(estate, null)
      const model = await findAt(estate, view, options.model)
      const latest = await estate.latestCheckpoint()
      const checkpoint = latest && checkpointFrom(decodeNote(latest.note)?.text ?? '')
      if (latest === null || checkpoint === null) throw new CommandError({ code: 'empty-ledger' })
      const now = (signing.now ?? (() => new Date()))()
      const own = estateKey(keysFolder(location), signing.passphrase ?? null, now)
      const signers = [own, ...options.keys.map((name) => writerNamed(location, name, signing))].map(({ key }) => key)
      const ancestors = await ancestorsOf(estate, view, model)
      const { entries, leftOut } = await chosen(view, model, ancestors, kindsIn(options.leaveOut))
      const keys = await keysFor(view, entries, signers.map(keyIdOf))
      const all = [...new Map([...entries, ...keys.entries].map((entry) => [entry.number, entry])).values()]
      all.sort((a, b) => a.number - b.number)
      const body = {
        issued: now.toISOString(),
        model: { id: model.id, name: model.name, parameters: model.parameters },
        checkpoint: latest.note,
        keys: keys.texts,
        statements: await withProofs(estate, all, checkpoint.size),
        prints: options.prints ? await printsOf(estate, model.id, ancestors, view.size, options.share) : [],
        forms: formsOf(entries, model.id),
        leftOut,
      }
      const [first, ...others] = signers
      const text = sealPassport(body, checkpoint.origin, [first!, ...others])
      return {
        schema: 'yukue.passport-made/1',
        bytes: Buffer.byteLength(text),
        model: { id: model.id, name: model.name },
        statements: all.length,
        prints: body.prints.length,
        leftOut,
        log: { origin: checkpoint.origin, size: checkpoint.size },
        keys: keys.texts,
        text,
      }
    },
    signing,
  )
}

function kindsIn(texts: readonly string[]): Set<PredicateKind> {
  return new Set(
    texts.map((text) => {
      const kind = PREDICATE_KINDS.find((each) => each === text)
      if (kind === undefined)
        throw new CommandError({
          code: 'bad-option',
          option: '--leave-out',
          value: text,
          takes: PREDICATE_KINDS.join(', '),
        })
      return kind
    }),
  )
}

async function ancestorsOf(estate: Estate, { size }: LedgerView, { id }: FoundModel): Promise<string[]> {
  const { steps } = await estate.walk(id, size, 'ancestors', MAX_ANCESTORS)
  return steps.map(({ model }) => model)
}

/** The statements to carry. What became of others that came from the model is not the receiver's business. */
async function chosen(
  view: LedgerView,
  { id }: FoundModel,
  ancestors: readonly string[],
  leaveOut: ReadonlySet<PredicateKind>,
): Promise<{ entries: Entry[]; leftOut: Record<string, number> }> {
  const line = new Set([id, ...ancestors])
  const about = ancestors.length > 0 ? await view.about(ancestors, OF_ANCESTORS) : []
  const own = await view.about([id])
  const all = new Map([...own, ...about].map((entry) => [entry.number, entry]))
  const leftOut: Record<string, number> = {}
  const entries = [...all.values()].filter((entry) => {
    const { statement } = entry
    const isOfOthers = statement.kind === 'related' && !line.has(statement.predicate.relation.child)
    if (!isOfOthers && !leaveOut.has(statement.kind)) return true
    if (modelsIn(statement).includes(id)) leftOut[statement.kind] = (leftOut[statement.kind] ?? 0) + 1
    return false
  })
  return { entries, leftOut }
}

/** What the log says of the keys that signed any of this. */
async function keysFor(
  view: LedgerView,
  entries: readonly Entry[],
  signers: readonly string[],
): Promise<{ entries: Entry[]; texts: string[] }> {
  const used = new Set([...signers, ...entries.flatMap(({ signed }) => signed.signatures.map(({ keyid }) => keyid))])
  // whoever wrote the log signed the statements about keys too
  for (const { id, use } of view.trust.values()) if (use === 'log') used.add(id)
  const about = (await view.about([KEYS_TOPIC])).filter(({ statement }) => {
    if (statement.kind === 'trusted') return used.has(keyIn(statement) ?? '')
    return statement.kind === 'revoked' && used.has(statement.predicate.keyId)
  })
  const hasForeign = entries.some(({ statement }) => statement.kind === 'imported')
  if (hasForeign) about.push(...(await view.about([FOREIGN_KEYS_TOPIC], ['imported'])))
  const texts = [...view.trust.values()].filter(({ id }) => used.has(id)).map(({ key }) => encodeVerifierKey(key))
  return { entries: about, texts }
}

export async function withProofs(
  estate: Estate,
  entries: readonly Entry[],
  size: number,
): Promise<Passport['statements']> {
  const numbers = entries.map(({ number }) => number)
  const proofs = inclusionProofs(numbers, size, await estate.tiles(tilesForProofs(numbers, size)))
  return entries.map(({ number, time, signed }, at) => ({
    number,
    time,
    envelope: JSON.parse(encodeEnvelope(signed)) as Passport['statements'][number]['envelope'],
    proof: proofs[at]!.map((hash) => Buffer.from(hash).toString('base64')),
  }))
}

/**
 * Prints as they are given away: without the sketches that would tell the weights of small tensors, but for the model's own, whose
 * weights the receiver has.
 */
async function printsOf(
  estate: Estate,
  model: string,
  ancestors: readonly string[],
  size: number,
  share: boolean,
): Promise<Passport['prints']> {
  const ids = [model, ...ancestors]
  const names = await estate.modelsAt(ids, size)
  const prints: Passport['prints'] = []
  for (const id of ids) {
    const record = await estate.print(id)
    if (record === null || record.version !== PRINT_VERSION) continue
    const decoded = decodePrint(record.bytes, estate.path)
    if (!decoded.ok) continue
    const name = names.get(id)?.name ?? decoded.name ?? id
    const isWhole = id === model && !share
    const bytes = encodePrint(isWhole ? decoded.print : shareable(decoded.print).print, { name })
    prints.push({ model: id, name, print: Buffer.from(bytes).toString('base64') })
  }
  return prints
}

/** In which forms copies of the model lie here, each once; of paths only what is beneath the model's own folder. */
function formsOf(entries: readonly Entry[], model: string): Passport['forms'] {
  const forms = placesFrom(entries.filter(({ statement }) => modelsIn(statement)[0] === model)).present.map(
    ({ entry }) => {
      const { format, layout, files, sideFiles, path } = entry.statement.predicate
      const folder = dirname(path)
      const named = ({ path: at, sha256, bytes }: (typeof files)[number]) => {
        const inside = posix.relative(slashed(folder), slashed(at))
        return { name: inside.startsWith('..') ? basename(at) : inside, sha256, bytes }
      }
      const sides = (sideFiles ?? []).map((side) => ({ role: side.role, ...named(side) }))
      return { format, layout, files: files.map(named), sideFiles: sides }
    },
  )
  return [...new Map(forms.map((form) => [JSON.stringify(form), form])).values()]
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}
