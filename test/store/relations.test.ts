import { describe, expect, it } from 'vitest'
import type { Relation } from '../../src/relate/lineage.ts'
import { idOf, modelRecord, relation, scanOf, temporaryEstate } from '../builders/estate.ts'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(idOf) as [string, string, string, string]
const [first, second] = ['2025-01-01T00:00:00.000Z', '2025-02-01T00:00:00.000Z'] as const

/** An estate of four models with these relations, found at `first`. */
async function estateWith(...relations: Relation[]) {
  const estate = await temporaryEstate()
  await estate.recordScan(scanOf({}, { models: [a, b, c, d].map((id) => modelRecord(id)) }))
  await estate.replaceRelations({ relations, lookAlikes: [] }, first)
  return estate
}

describe('the recorded relations', () => {
  it('come back as they were', async () => {
    const merged: Relation = {
      child: c,
      parents: [
        { id: b, weight: 0.7 },
        { id: a, weight: 0.3 },
      ],
      changes: ['merged', 'quantised'],
      direction: 'known',
      status: 'verified',
      p: null,
      similarity: 0.5,
      details: { method: 'slerp', base: d },
    }
    expect(await (await estateWith(merged)).allRelations()).toEqual([{ ...merged, foundAt: first }])
  })

  it('of a model are those where it is child or parent', async () => {
    const estate = await estateWith(relation(b, a), relation(c, b), relation(d, a, c))
    expect((await estate.relationsOf(b)).map(({ child }) => child)).toEqual([b, c])
  })

  it('keep every parent, whichever was asked for', async () => {
    const estate = await estateWith(relation(c, a, b))
    expect((await estate.relationsOf(b))[0]?.parents.map(({ id }) => id)).toEqual([a, b])
  })

  it('replace the former ones', async () => {
    const estate = await estateWith(relation(b, a))
    await estate.replaceRelations({ relations: [relation(c, a)], lookAlikes: [] }, second)
    expect((await estate.allRelations()).map(({ child }) => child)).toEqual([c])
  })

  it('keep when they were first found', async () => {
    const estate = await estateWith(relation(b, a))
    await estate.replaceRelations({ relations: [relation(c, a), relation(b, a)], lookAlikes: [] }, second)
    const found = (await estate.allRelations()).map(({ child, foundAt }) => [child, foundAt])
    expect(new Map(found as [string, string][])).toEqual(
      new Map([
        [b, first],
        [c, second],
      ]),
    )
  })

  it('stand in the order of the lineage, whichever were on record before', async () => {
    const estate = await estateWith(relation(b, a))
    await estate.replaceRelations({ relations: [relation(c, a), relation(b, a)], lookAlikes: [] }, second)
    expect((await estate.allRelations()).map(({ child }) => child)).toEqual([c, b])
  })

  it('of undetermined direction are the same from either end', async () => {
    const open = (child: string, parent: string): Relation => ({
      ...relation(child, parent),
      direction: 'undetermined',
    })
    const estate = await estateWith(open(b, a))
    await estate.replaceRelations({ relations: [open(a, b)], lookAlikes: [] }, second)
    expect((await estate.allRelations())[0]?.foundAt).toBe(first)
  })

  it('stay when a scan brings no lineage', async () => {
    const estate = await estateWith(relation(b, a))
    await estate.recordScan(scanOf({}))
    expect((await estate.allRelations()).length).toBe(1)
  })
})

it('Models that look alike come back as they were', async () => {
  const estate = await estateWith()
  const lookAlikes = [{ models: [b, a] as [string, string], shared: 41, similarity: 0.04 }]
  await estate.replaceRelations({ relations: [], lookAlikes }, first)
  expect(await estate.lookAlikes()).toEqual(lookAlikes)
})
