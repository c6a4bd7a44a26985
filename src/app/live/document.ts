import type { MeasuredResult } from '../../contract/api-ledger.ts'
import { VERSION } from '../../contract/version.ts'
import { renderAuditPage } from '../../report/audit-page.ts'
import { renderComparePage } from '../../report/compare-page.ts'
import { renderDossierPage } from '../../report/dossier-page.ts'
import type { Language, Translate } from '../../report/language.ts'
import type { PageOptions } from '../../report/page-shell.ts'
import { renderSimulationPage } from '../../report/simulation-page.ts'
import { makeDossier } from '../dossier.ts'

/** What is handed out to be kept or sent on: one file that needs nothing else. */
export type Wanted =
  /** As `yukue dossier` takes it: a model's id, or `site:NAME`. */
  { what: 'dossier'; subject: string; format: 'html' | 'json' } | { what: 'result'; result: MeasuredResult['result'] }

/** `now`: when it is made, as it says itself. */
export type DocumentTask = { kind: 'document'; wanted: Wanted; now: string }

/** The file's text: the page that the command line writes for the same. */
export async function documentText(
  { wanted, now }: DocumentTask,
  location: string,
  language: Language,
  t: Translate,
): Promise<string> {
  const page = { t, language, generated: `${now.replace('T', ' ').slice(0, 16)} UTC`, version: VERSION }
  if (wanted.what === 'result') return resultPage(wanted.result, page)
  const dossier = await makeDossier({ subject: wanted.subject, language, t, now: () => new Date(now) }, location)
  return wanted.format === 'json' ? `${JSON.stringify(dossier, null, 1)}\n` : renderDossierPage(dossier, page)
}

function resultPage(result: MeasuredResult['result'], page: PageOptions): Promise<string> {
  switch (result.schema) {
    case 'yukue.audit/1':
      return renderAuditPage(result, page)
    case 'yukue.compare/1':
      return renderComparePage(result, page)
    case 'yukue.simulation/1':
      return renderSimulationPage(result, page)
  }
}
