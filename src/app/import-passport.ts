import { CommandError, type PassportRefusal } from '../contract/command-error.ts'
import type { PassportImported } from '../contract/passport.ts'
import { PRINT_VERSION } from '../contract/print.ts'
import type { AnyStatement } from '../contract/statement.ts'
import { type Checkpoint, checkpointFrom } from '../ledger/checkpoint.ts'
import { signedFrom } from '../ledger/dsse.ts'
import { ofKind } from '../ledger/entry.ts'
import { draft } from '../ledger/journal.ts'
import { decodeNote } from '../ledger/note.ts'
import { importedTopic, statementFrom } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { keysFolder } from '../store/key-files.ts'
import { givenKey } from './given-keys.ts'
import { estateKey } from './keys.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import { summaryOf } from './model-summary.ts'
import type { GivenFile } from './receipt.ts'
import { type VerifiedPassport, verifyPassport } from './verify-passport.ts'
import { type Signing, withEstate } from './with-estate.ts'

/**
 * Takes over a passport: its statements are entered as those of the log that they come from, under the receiver's own signature and
 * time, and its prints are kept, so that what was made from the model is recognised. Nothing is taken over unless the passport is
 * whole and a key that was given, or is known here, vouches for it.
 */
export function importPassport(
  file: GivenFile,
  keys: readonly GivenFile[],
  location: string,
  signing: Signing = {},
): Promise<PassportImported> {
  return withEstate(
    location,
    async (estate) => {
      const view = await viewOf(estate, null)
      const given = keys.map((key) => givenKey(key).id)
      const standing = [...view.trust.values()].filter(({ revoked }) => revoked === null).map(({ id }) => id)
      const trusted = new Set(given.length > 0 ? given : standing)
      const verified = verifyPassport(file, { trusted, model: null })
      const { report, checked } = verified
      if (report.verdict === 'refused' || checked.checkpoint === null) throw refused(file, 'faults')
      if (report.verdict === 'undecided') throw refused(file, 'not-vouched')
      await refuseFork(view, file, verified.passport.model.id, checked.checkpoint)
      const statements = importedStatements(verified)
      const fresh = await unknownHere(view, statements)
      const writer = estateKey(keysFolder(location), signing.passphrase ?? null, (signing.now ?? (() => new Date()))())
      if (fresh.length > 0)
        await estate.enter((recordedAt) =>
          fresh.map(({ subject, predicate }) =>
            draft({ kind: 'imported', subject, predicate: { ...predicate, recordedAt } }, writer.key),
          ),
        )
      await keepPrints(estate, verified)
      const { id, name } = verified.passport.model
      return {
        schema: 'yukue.passport-imported/1',
        path: file.path,
        model: { id, name },
        log: report.log!,
        entered: fresh.length,
        known: statements.length - fresh.length,
        prints: verified.prints.length,
      }
    },
    signing,
  )
}

type Imported = Extract<AnyStatement, { kind: 'imported' }>

/** The statements as they are to be entered here, the passport's own seal among them. */
function importedStatements({
  passport,
  report,
  checked,
}: VerifiedPassport): Pick<Imported, 'subject' | 'predicate'>[] {
  const log = checked.checkpoint!.origin
  const common = { recordedAt: passport.issued, log, passport: report.sha256 }
  const carried = [
    ...passport.statements.map(({ number, time, envelope }) => ({ number, time, envelope })),
    { number: null, time: passport.issued, envelope: passport.seal },
  ]
  return carried.flatMap(({ number, time, envelope }) => {
    const signed = signedFrom(envelope)
    const statement = signed && statementFrom(signed.payload)
    if (signed === null || statement === null || typeof statement === 'string') return []
    return [{ subject: statement.subject, predicate: { ...common, number, time, statement: signed } }]
  })
}

/** Those that no earlier passport has brought: an entry of a log is one entry, in however many passports it travels. */
async function unknownHere<T extends Pick<Imported, 'predicate'>>(view: LedgerView, statements: T[]): Promise<T[]> {
  const topicOf = ({ log, number, passport }: Imported['predicate']) => importedTopic(log, number, passport)
  const topics = statements.map(({ predicate }) => topicOf(predicate))
  const known = new Set(
    ofKind(await view.about(topics, ['imported']), 'imported').map((entry) => topicOf(entry.statement.predicate)),
  )
  return statements.filter(({ predicate }) => !known.has(topicOf(predicate)))
}

/** A log shows one history: another root at a size that was seen before is another log under the same name. */
async function refuseFork(
  view: LedgerView,
  file: GivenFile,
  model: string,
  { origin, size, root }: Checkpoint,
): Promise<void> {
  const former = ofKind(await view.about([model], ['imported']), 'imported').flatMap(({ statement }) => {
    const seal = statementFrom(statement.predicate.statement.payload)
    if (typeof seal === 'string' || seal.kind !== 'passport') return []
    const checkpoint = checkpointFrom(decodeNote(seal.predicate.checkpoint)?.text ?? '')
    return checkpoint?.origin === origin ? [checkpoint] : []
  })
  const isForked = former.some((each) => each.size === size && Buffer.compare(each.root, root) !== 0)
  if (isForked) throw refused(file, 'forked')
}

async function keepPrints(estate: Estate, { prints }: VerifiedPassport): Promise<void> {
  for (const { id, name, bytes, print } of prints) {
    if ((await estate.print(id)) !== null) continue
    await estate.recordImport({
      time: new Date().toISOString(),
      model: { ...summaryOf(print), name, origin: 'imported' },
      artifact: null,
      print: { model: id, version: PRINT_VERSION, origin: 'imported', bytes },
    })
  }
}

function refused({ path }: GivenFile, why: PassportRefusal): CommandError {
  return new CommandError({ code: 'refused-passport', path, why })
}
