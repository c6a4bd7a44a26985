import { it } from 'vitest'
import { languageModel } from './families/networks.ts'
import { printed } from './builders/models.ts'
import { subjectOf } from '../src/relate/subject.ts'
import { match } from '../src/relate/match.ts'
import { lowRankOf } from '../src/relate/low-rank.ts'
import { cast, fineTuned } from './builders/model-operations.ts'
import { lowRankFactors, withLowRank } from './families/steps.ts'
it('x', () => {
  for (const targets of [/q_proj|v_proj/, /_proj/])
  for (const st of ['f32','bf16'] as const) for (const share of [0.01,.02,.05,.1,.2]) {
    const line: string[] = []
    for (const rank of [1,2,4,8,16,24,32,40,48]) {
      const got: unknown[] = []
      for (let k = 1; k <= 4; k++) {
        const base = languageModel(k)
        const child = cast(withLowRank(base, lowRankFactors(base, k, {rank, share, targets}), rank), st)
        const { pairs } = match(subjectOf(printed(base)), subjectOf(printed(child)))
        const touched = pairs.filter(({a}) => targets.test(a.print.name))
        got.push(lowRankOf(touched)?.rank ?? '-')
      }
      line.push(`${rank}:${got.join('/')}`)
    }
    console.log(st, share, targets.source, line.join('  '))
  }
  const base = languageModel(1)
  for (const st of ['f32','bf16'] as const) for (const size of [0.0005,.001,.002,.003,.005,.01,.05]) {
    const child = cast(fineTuned(base, 3, size), st)
    const { pairs } = match(subjectOf(printed(base)), subjectOf(printed(child)))
    const t0 = performance.now()
    const r = lowRankOf(pairs.filter(({a}) => a.print.rows > 1))
    console.log('dense', st, size, r?.rank, performance.now() - t0)
  }
}, 300000)
