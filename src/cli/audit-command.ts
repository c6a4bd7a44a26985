import { audit } from '../app/audit.ts'
import { auditReportOf } from '../app/audit-report.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { renderAuditPage } from '../report/audit-page.ts'
import { renderAuditText } from '../report/impact-text.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderLl144 } from '../report/ll144.ts'
import { type AuditFlags, auditOptions } from './audit-flags.ts'
import type { CommandContext } from './context.ts'
import { textOptions, writeJson, writePage } from './output.ts'
import { phasesOn } from './progress.ts'
import { simulateCommand } from './simulate-command.ts'

export async function auditCommand(
  path: string | undefined,
  flags: AuditFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.simulate) return simulateCommand(flags, context)
  if (path === undefined) throw new CommandError({ code: 'option-needed', option: '<log>', because: 'audit' })
  if (flags.report !== undefined && flags.report !== 'll144')
    throw new CommandError({ code: 'option-not-usable', option: '--report', value: flags.report, expected: 'll144' })
  const { t, streams } = context
  const progress = phasesOn(streams.stderr, t, flags.quiet ?? false)
  const impact = await audit(auditOptions(path, flags), progress)
  const report = auditReportOf(impact, t)
  progress.done()
  const today = new Date().toISOString()
  if (flags.json) writeJson(streams, report)
  else if (flags.report === 'll144') {
    const facts = {
      auditDate: flags.auditDate ?? today.slice(0, 10),
      source: flags.source ?? null,
      distributionDate: flags.distributionDate ?? null,
    }
    streams.stdout.write(renderLl144(report, facts, t))
  } else streams.stdout.write(renderAuditText(report, textOptions(flags, context)))
  if (flags.page === undefined) return
  const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
  const generated = `${today.replace('T', ' ').slice(0, 16)} UTC`
  writePage(flags.page, await renderAuditPage(report, { t, language, generated, version: VERSION }), context, flags)
}
