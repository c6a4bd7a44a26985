import { audit } from '../app/audit.ts'
import { auditForRecord } from '../app/audit-record.ts'
import { auditReportOf } from '../app/audit-report.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { renderAuditPage } from '../report/audit-page.ts'
import { renderAuditText } from '../report/impact-text.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderLl144 } from '../report/ll144.ts'
import { type AuditFlags, auditOptions } from './audit-flags.ts'
import type { CommandContext } from './context.ts'
import { estateFolder, textOptions, writeJson, writePage } from './output.ts'
import { phasesOn } from './progress.ts'
import { isToBeRecorded, recordedFrom, sayRecorded, withRecorded } from './recorded.ts'
import { simulateCommand } from './simulate-command.ts'

export async function auditCommand(
  path: string | undefined,
  flags: AuditFlags,
  context: CommandContext,
): Promise<void> {
  const isRecorded = isToBeRecorded(flags)
  if (flags.simulate) return simulateCommand(flags, context)
  if (path === undefined) throw new CommandError({ code: 'option-needed', option: '<log>', because: 'audit' })
  if (flags.report !== undefined && flags.report !== 'll144')
    throw new CommandError({ code: 'option-not-usable', option: '--report', value: flags.report, expected: 'll144' })
  const { t, streams } = context
  const progress = phasesOn(streams.stderr, t, flags.quiet ?? false)
  const asked = auditOptions(path, flags)
  const source = { location: estateFolder(flags, streams), model: flags.recordModel ?? null }
  const options = flags.fromLedger ? { ...asked, ledger: source } : asked
  const given = { model: flags.recordModel ?? null, site: flags.recordSite ?? null }
  const { impact, said } = isRecorded
    ? await auditForRecord(options, given, progress)
    : { impact: await audit(options, progress), said: null }
  const report = auditReportOf(impact, t)
  progress.done()
  const subject = { model: impact.model, site: impact.site, parent: null, key: flags.key, ...(said ? { said } : {}) }
  const done = isRecorded ? await recordedFrom(report, subject, flags, context) : null
  const today = new Date().toISOString()
  if (flags.json) writeJson(streams, withRecorded(report, done))
  else if (flags.report === 'll144') {
    const facts = {
      auditDate: flags.auditDate ?? today.slice(0, 10),
      source: flags.source ?? null,
      distributionDate: flags.distributionDate ?? null,
    }
    streams.stdout.write(renderLl144(report, facts, t))
  } else streams.stdout.write(renderAuditText(report, textOptions(flags, context)))
  sayRecorded(done, 'audit', flags, context)
  if (flags.page === undefined) return
  const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
  const generated = `${today.replace('T', ' ').slice(0, 16)} UTC`
  writePage(flags.page, await renderAuditPage(report, { t, language, generated, version: VERSION }), context, flags)
}
