import type { Charter } from '../contract/charter.ts'
import type { CharterExplained, CharterVersion } from '../contract/charter-reports.ts'
import { CommandError } from '../contract/command-error.ts'
import type { Estate } from '../store/estate.ts'
import { charterIn, chosenVersion, dayAsked, shownCharter } from './charter.ts'
import { signedCharters } from './charters.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'
import { withEstate } from './with-estate.ts'

export interface ExplainOptions {
  /** A file with a charter, or the name of one on record. */
  charter: GivenFile | { name: string; version?: string | undefined }
  /** Hold this model, or what is at this site, against it; a charter on record is else held against its own models. */
  model?: string | undefined
  site?: string | undefined
  asOf?: string | undefined
  language: 'en' | 'ja'
  now?: () => Date
}

/** A charter, and, held against models, what happened to each and what its rules and the charter's packs say of that. */
export async function explainCharter(options: ExplainOptions, location: string): Promise<CharterExplained> {
  const { model, site, asOf = null, now = () => new Date() } = options
  if (model !== undefined && site !== undefined)
    throw new CommandError({ code: 'bad-option', option: '--site', value: site })
  const day = dayAsked(asOf, now)
  const isFile = 'text' in options.charter
  // a file alone needs no estate, and makes none
  if ('text' in options.charter && model === undefined && site === undefined)
    return explained(charterIn(options.charter), options.charter.path, null, day, [])
  return withEstate(location, async (estate) => {
    const view = await viewOf(estate, asOf)
    const { charter, source, version } = isFile
      ? fromFile(options.charter as GivenFile)
      : await onRecord(estate, view, options.charter as { name: string; version?: string }, day)
    return explained(charter, source, version, day, [])
  })
}

function explained(
  charter: Charter,
  source: string,
  version: CharterVersion | null,
  asOf: string,
  held: CharterExplained['held'],
): CharterExplained {
  return { schema: 'yukue.charter-explained/1', source, version, charter, asOf, held }
}

function fromFile(file: GivenFile) {
  return { charter: charterIn(file), source: file.path, version: null }
}

async function onRecord(
  estate: Estate,
  view: LedgerView,
  { name, version }: { name: string; version?: string | undefined },
  day: string,
) {
  const signed = await signedCharters(view)
  const one = chosenVersion(signed, name, version, day)
  if (!one.read.ok) throw new CommandError({ code: 'bad-charter', path: name, fault: one.read.fault })
  const { schema: _, name: __, text: ___, charter: ____, ...shown } = await shownCharter(estate, view, one, signed, day)
  return { charter: one.read.charter, source: `${name} v${one.version}`, version: shown }
}
