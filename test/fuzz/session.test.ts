import { describe, expect, it } from 'vitest'
import { MAX_INPUT_BYTES, mutated, seeded } from '../../fuzz/mutate.ts'
import { type FuzzFinding, fuzz, type Target } from '../../fuzz/session.ts'

const CORPUS = [Uint8Array.from({ length: 64 }, (_, at) => at), new Uint8Array(Buffer.from('{"shape":[12,34]}'))]

function fuzzed(
  run: (bytes: Uint8Array) => void,
  milliseconds = 200,
): { tried: Uint8Array[]; findings: FuzzFinding[] } {
  const tried: Uint8Array[] = []
  const findings: FuzzFinding[] = []
  const target: Target = { name: 'test', run, corpus: CORPUS }
  const onInput = (bytes: Uint8Array) => void tried.push(bytes)
  const onFinding = (finding: FuzzFinding) => void findings.push(finding)
  fuzz(target, { seed: 1, milliseconds, onInput, onFinding })
  return { tried, findings }
}

describe('fuzzing', () => {
  it('tries the corpus first, as it is', () => {
    expect(fuzzed(() => {}).tried.slice(0, 2)).toEqual(CORPUS)
  })

  it('tells the input that broke the invariant, once for each way of breaking', () => {
    const { findings } = fuzzed((bytes) => {
      if (bytes.length !== 64 && bytes.length !== 17) throw new TypeError('another length')
    })
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^TypeError: another length \(session.test.ts:\d+\)$/),
    ])
  })

  it('leaves the corpus as it is', () => {
    const before = CORPUS.map((bytes) => bytes.slice())
    fuzzed(() => {})
    expect(CORPUS).toEqual(before)
  })
})

describe('changed inputs', () => {
  const many = (seed: number) => {
    const random = seeded(seed)
    return Array.from({ length: 500 }, () => mutated(CORPUS, random))
  }

  it('are the same for the same seed', () => {
    expect(many(3)).toEqual(many(3))
  })

  it('are nearly all different', () => {
    expect(new Set(many(3).map((bytes) => Buffer.from(bytes).toString('latin1'))).size).toBeGreaterThan(400)
  })

  it('do not grow without end', () => {
    const random = seeded(1)
    let bytes: Uint8Array = new Uint8Array(MAX_INPUT_BYTES)
    for (let i = 0; i < 20; i++) bytes = mutated([bytes], random)
    expect(bytes.length).toBeLessThanOrEqual(MAX_INPUT_BYTES)
  })
})
