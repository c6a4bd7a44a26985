import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { unpack } from '../../bench/zoo/pack.mjs'
import { type Answer, scoreLineage } from '../../bench/zoo/score.mjs'
import { distinct } from '../../bench/zoo/truth.mjs'
import { relate } from '../../src/relate/relate.ts'

/**
 * The half of a small zoo (docs/zoo.md) that no threshold was fitted on: models made by torch, transformers, peft, mergekit, onnxruntime
 * and ggml, of which is known how they were made.
 */
const models = unpack(readFileSync(new URL('../fixtures/zoo/small.zoo', import.meta.url)))

const families = new Map(models.map(({ print, family }) => [print.id, family]))

let answers: Answer[] = []
let across: string[] = []

beforeAll(() => {
  const { relations } = relate(distinct(models).map(({ print }) => print))
  answers = scoreLineage(models, relations, (a, b) => relate([a.print, b.print]).relations[0])
  across = relations.flatMap(({ child, parents }) =>
    parents.filter(({ id }) => families.get(id) !== families.get(child)).map(({ id }) => `${id} ${child}`),
  )
}, 120_000)

function shareOf(question: string, outcome: Answer['outcome']): number {
  const asked = answers.filter((answer) => answer.question === question)
  return asked.filter((answer) => answer.outcome === outcome).length / asked.length
}

describe('in a zoo made by the tools that people use', () => {
  it('no stranger is called a relative', () => {
    expect(across).toEqual([])
  })

  it('the same weights in another container are one model', () => {
    expect(shareOf('same', 'right')).toBe(1)
  })

  it('no direction is stated that is wrong', () => {
    expect(answers.filter(({ question, outcome }) => question.startsWith('direction') && outcome === 'wrong')).toEqual(
      [],
    )
  })

  it('every quantised file is named with its type', () => {
    expect(shareOf('scheme', 'right')).toBe(1)
  })

  it('no other model is called a merge', () => {
    expect(shareOf('no merge', 'right')).toBe(1)
  })

  // the bars of docs/zoo.md
  it.each([
    ['nearest', 0.97],
    ['changes', 0.97],
    ['weights', 1],
    ['weights, DARE and TIES', 1],
  ])('of the answers about %s at least a share of %s is right', (question, share) => {
    expect(shareOf(question, 'right')).toBeGreaterThanOrEqual(share)
  })
})
