import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countFiles, familiesOf, MAX_DEPTH } from '../../src/report/family.ts'
import { artifact, idOf, model, packagesReport, relation, report } from '../builders/report.ts'

function named(...names: string[]) {
  return names.map((name) => model(name, [artifact(`${name}.onnx`, 'onnx', 1_000)]))
}

function drawn(given: Parameters<typeof familiesOf>[0]) {
  const names = new Map(given.models.map(({ id, name }) => [id, name]))
  return familiesOf(given).families.map(({ rows }) =>
    rows.map((row) => `${'>'.repeat(row.depth)}${names.get(row.id)}${row.repeated ? ' again' : ''}`),
  )
}

describe('familiesOf', () => {
  it('puts a child below its parent, however the relations are ordered', () => {
    const relations = [relation(['b'], 'c'), relation(['a'], 'b')]
    expect(drawn({ models: named('c', 'b', 'a'), relations })).toEqual([['a', '>b', '>>c']])
  })

  it('draws a merged model below each of its parents, in full only once', () => {
    const relations = [relation(['a', 'b'], 'ab', { changes: ['merged'] })]
    const [rows] = drawn({ models: named('a', 'b', 'ab'), relations })
    expect(rows!.filter((row) => row.includes('>'))).toEqual(['>ab', '>ab again'])
  })

  it('marks the top of an undetermined relation as merely plausible', () => {
    const relations = [relation(['a'], 'b', { direction: 'undetermined' })]
    const [family] = familiesOf({ models: named('a', 'b'), relations }).families
    expect(family!.rows.map((row) => row.plausible)).toEqual([true, false])
  })

  it('does not doubt a parent whose relations are all known', () => {
    const [family] = familiesOf({ models: named('a', 'b'), relations: [relation(['a'], 'b')] }).families
    expect(family!.rows[0]!.plausible).toBe(false)
  })

  it('prefers the model that is not quantised as the plausible origin', () => {
    const small = model('q', [], { quantisation: { scheme: 'int8', bits: 8 }, parameters: 9e9 })
    const relations = [relation(['q'], 'a', { direction: 'undetermined' })]
    expect(drawn({ models: [small, ...named('a')], relations })).toEqual([['a', '>q']])
  })

  it('keeps a place for a parent that was not scanned', () => {
    const [family] = familiesOf({ models: named('b'), relations: [relation(['absent'], 'b')] }).families
    expect(family!.rows[0]).toMatchObject({ id: idOf('absent'), model: null })
  })

  it('keeps what is said of an adapter whose base is not here', () => {
    const adapter = { ...relation([], 'lora'), changes: ['adapter' as const] }
    expect(familiesOf({ models: named('lora'), relations: [adapter] }).singles[0]!.own).toEqual(adapter)
  })

  it('survives relations that run in a circle', () => {
    const relations = [relation(['a'], 'b'), relation(['b'], 'a')]
    expect(drawn({ models: named('a', 'b'), relations })[0]).toHaveLength(3)
  })

  it('bounds the depth of a chain without losing a model', () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `m${index}`)
    const relations = names.slice(1).map((name, index) => relation([names[index]!], name))
    const { rows } = familiesOf({ models: named(...names), relations }).families[0]!
    expect([rows.length, Math.max(...rows.map((row) => row.depth))]).toEqual([3_000, MAX_DEPTH])
  })

  it('draws every model in full once, and every relation once for each parent', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const pair = fc.tuple(fc.nat(6), fc.nat(6)).filter(([parent, child]) => parent !== child)
    const edges = fc.uniqueArray(fc.tuple(pair, fc.boolean()), { selector: ([[a, b]]) => `${[a, b].sort()}` })
    fc.assert(
      fc.property(edges, (chosen) => {
        const relations = chosen.map(([[parent, child], known]) =>
          relation([names[parent]!], names[child]!, { direction: known ? 'known' : 'undetermined' }),
        )
        const { families, singles } = familiesOf({ models: named(...names), relations })
        const rows = [...families.flatMap((family) => family.rows), ...singles]
        const full = rows.filter((row) => !row.repeated).map((row) => row.id)
        expect(full.sort()).toEqual(names.map(idOf).sort())
        expect(rows.filter((row) => row.relation !== null)).toHaveLength(relations.length)
      }),
    )
  })
})

describe('countFiles', () => {
  it('counts the same path and bytes in two scanned folders as two files', () => {
    const both = model('a', [artifact('m.onnx', 'onnx', 5), artifact('m.onnx', 'onnx', 5)])
    expect(countFiles([both])).toBe(2)
  })

  it('counts a file that holds two models once', () => {
    const file = artifact('two.onnx', 'onnx', 5)
    expect(countFiles([model('a', [file]), model('b', [file])])).toBe(1)
  })

  it('counts every shard of a model', () => {
    const files = ['index', 'shard'].map((path) => ({ path, sha256: '0'.repeat(64), bytes: 1 }))
    expect(countFiles([model('a', [artifact('index', 'safetensors', 2, { files })])])).toBe(2)
  })

  it('counts the files of the sample packages', () => {
    expect(countFiles(packagesReport().models)).toBe(16)
  })

  it('is nought for an empty report', () => {
    expect(countFiles(report().models)).toBe(0)
  })
})
