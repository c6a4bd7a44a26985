import { wholeFrom } from '../app/audit-options.ts'
import { simulate } from '../app/simulate.ts'
import { VERSION } from '../contract/version.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderSimulationPage } from '../report/simulation-page.ts'
import { renderSimulationText } from '../report/simulation-text.ts'
import type { AuditFlags } from './audit-flags.ts'
import type { CommandContext } from './context.ts'
import { writeJson, writePage } from './output.ts'
import { recordedFrom, sayRecorded, withRecorded } from './recorded.ts'

/** The setting of Ensign et al. 2018 that the documentation quotes. */
const RATES = [0.6, 0.4] as const
const DAYS = 20_000
const SEEDS = 200

export async function simulateCommand(flags: AuditFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const seed = wholeFrom('--seed', flags.seed ?? '1', 0xffff_ffff)
  const result = simulate({ rates: RATES, days: DAYS, seeds: SEEDS, seed })
  const models = { model: flags.recordModel ?? flags.model ?? null, site: flags.recordSite ?? flags.site ?? null }
  const done = flags.record
    ? await recordedFrom(result, { ...models, parent: null, key: flags.key }, flags, context)
    : null
  if (flags.json) writeJson(streams, withRecorded(result, done))
  else streams.stdout.write(renderSimulationText(result, t))
  sayRecorded(done, 'simulation', flags, context)
  if (flags.page === undefined) return
  const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
  const generated = `${new Date().toISOString().replace('T', ' ').slice(0, 16)} UTC`
  writePage(
    flags.page,
    await renderSimulationPage(result, { t, language, generated, version: VERSION }),
    context,
    flags,
  )
}
