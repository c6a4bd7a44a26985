import type { Simulation } from '../contract/simulation.ts'
import { percentText, wholeText } from './figures.ts'
import type { Translate } from './language.ts'

/** The result of `yukue audit --simulate` for a terminal. Ends with a line feed. */
export function renderSimulationText(result: Simulation, t: Translate): string {
  return `${[t('simulation.title', { seed: result.seed }), '', ...simulationLines(result, t).flatMap(({ heading, lines }) => [heading, ...lines.map((line) => `  ${line}`), ''])].join('\n').trimEnd()}\n`
}

/** Each mechanism: a sentence, and what came of it without and with its remedy. */
export function simulationLines({ urn, retraining, selective }: Simulation, t: Translate) {
  const [first, second] = urn.rates
  const share = (part: Simulation['urn']['plain']) => ({
    mean: part.mean.toFixed(3),
    error: part.standardError.toFixed(3),
  })
  return [
    {
      heading: t('simulation.urn', { first: first!, second: second!, days: wholeText(urn.days), seeds: urn.seeds }),
      lines: [t('simulation.urnPlain', share(urn.plain)), t('simulation.urnCorrected', share(urn.corrected))],
    },
    {
      heading: t('simulation.retraining', { rounds: retraining[0]!.weights.length - 1 }),
      lines: retraining.map(({ response, weights, settles, stablePoint }) =>
        t('simulation.response', {
          response,
          weight: weights.at(-1)!.toFixed(3),
          outcome: settles ? t('simulation.settles', { point: stablePoint.toFixed(3) }) : t('simulation.runsOff'),
        }),
      ),
    },
    {
      heading: t('simulation.selective', { rounds: selective[0]!.rounds.length }),
      lines: selective.map(({ exploration, rounds }) => {
        const { accepted, score } = rounds.at(-1)!
        return t('simulation.exploration', {
          share: percentText(exploration),
          first: percentText(accepted[0]),
          second: percentText(accepted[1]),
          up: score[0].toFixed(2),
          other: score[1].toFixed(2),
        })
      }),
    },
  ]
}
