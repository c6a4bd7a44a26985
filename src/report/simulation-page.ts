import type { Simulation } from '../contract/simulation.ts'
import { loadCharts } from './chart.ts'
import { percentText } from './figures.ts'
import { html } from './html.ts'
import { impactPage } from './impact-page.ts'
import type { Section } from './page-parts.ts'
import type { PageOptions } from './page-shell.ts'
import { simulationLines } from './simulation-text.ts'

/** The result of `yukue audit --simulate` as one self-contained HTML page. */
export async function renderSimulationPage(result: Simulation, options: PageOptions): Promise<string> {
  const { t } = options
  const charts = await loadCharts()
  const plots = [
    (['plain', 'corrected'] as const).flatMap((series) =>
      result.urn[series].path.map(({ day, share }) => ({ x: day, y: share, series })),
    ),
    result.retraining
      .filter(({ settles }) => settles)
      .flatMap(({ response, weights }) =>
        weights.map((weight, round) => ({ x: round, y: weight, series: `${response}` })),
      ),
    result.selective.flatMap(({ exploration, rounds }) =>
      rounds.map(({ accepted }, round) => ({ x: round + 1, y: accepted[1], series: percentText(exploration) })),
    ),
  ]
  const sections = simulationLines(result, t).map(({ heading, lines }, index): Section => {
    const content = html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>${charts.lines(plots[index]!, '', '', heading)}`
    return { id: `simulation-${index}`, heading, content }
  })
  return impactPage(options, t('simulation.title', { seed: result.seed }), t('audit.subtitle'), sections)
}
