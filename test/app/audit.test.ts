import { describe, expect, it } from 'vitest'
import { auditReport } from '../../src/contract/audit.ts'
import { auditCsv, auditOf, csvFile, times } from '../builders/audit.ts'
import { yukue } from '../builders/command.ts'

const FLAGS = '--decision d --favourable 1 --group g'

describe('an audit', () => {
  it('keeps to its contract', async () => {
    const report = await auditCsv(['g,h,d', 'a,x,1', 'b,y,0', 'a,y,1', 'b,x,1'], `${FLAGS} --group h`)
    expect(auditReport.safeParse(report).error).toBeUndefined()
  })

  it('does not depend on the order of rows', async () => {
    const rows = [...times(30, 'a,1'), ...times(20, 'a,0'), ...times(20, 'b,1'), ...times(35, 'b,0')]
    const [first, second] = await Promise.resolve([
      await auditCsv(['g,d', ...rows], FLAGS),
      await auditCsv(['g,d', ...rows.toReversed()], FLAGS),
    ])
    expect(second.attributes).toEqual(first.attributes)
  })

  it('binds its result to the bytes it read', async () => {
    const { input } = await auditCsv(['g,d', 'a,1'], FLAGS)
    // printf 'g,d\na,1\n' | sha256sum
    expect(input.digest).toBe(`sha256:${input.files[0]!.sha256}`)
    expect(input.files[0]!.bytes).toBe(8)
  })

  it('reads yes and no as they stand', async () => {
    const { attributes } = await auditCsv(['g,d', 'a,no', 'b,yes', 'a,no'], '--decision d --favourable no --group g')
    expect(attributes[0]!.categories.map(({ selected }) => selected)).toEqual([2, 0])
  })

  it('takes canonically equal spellings for one category', async () => {
    const { attributes } = await auditCsv(['g,d', 'é,1', 'e\u0301,0', '日本,1'], FLAGS)
    expect(attributes[0]!.categories.map(({ category, n }) => [category, n])).toEqual([
      ['é', 2],
      ['日本', 1],
    ])
  })

  it('counts people of unknown category, and how that was spelt', async () => {
    const { attributes } = await auditCsv(['g,d', 'a,1', ',1', 'NA,0', 'b,0'], FLAGS)
    const { unknown, unknownSelected, unknownValues } = attributes[0]!
    expect([unknown, unknownSelected, unknownValues]).toEqual([2, 1, ['', 'NA']])
  })

  it('takes NA for a category when --unknown says something else', async () => {
    const { attributes } = await auditCsv(['g,d', 'a,1', '-,1', 'NA,0'], `${FLAGS} --unknown -`)
    expect(attributes[0]!.categories.map(({ category }) => category)).toEqual(['NA', 'a'])
  })

  it('crosses all attributes into forty intersections', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => times(4, `${i % 5},${Math.floor(i / 5)},${i % 3 ? 1 : 0}`)).flat()
    const { intersections, intersectionsSummary } = await auditCsv(['g,h,d', ...rows], `${FLAGS} --group h`)
    expect([intersections.length, intersections[0]!.cell, intersectionsSummary!.attribute]).toEqual([
      40,
      { g: '0', h: '0' },
      'g × h',
    ])
  })

  it('leaves out what lies outside its window, and says how much', async () => {
    const rows = ['g,d,t', 'a,1,2024-01-01', 'a,0,2024-02-01T23:59:00Z', 'b,1,2024-02-02', 'b,1,']
    const report = await auditCsv(rows, `${FLAGS} --time t --from 2024-01-01 --to 2024-02-01`)
    expect([report.rows, report.decisions, report.leftOut]).toEqual([
      4,
      2,
      [
        { reason: 'outside-window', n: 1 },
        { reason: 'time-missing', n: 1 },
      ],
    ])
  })

  it('counts rows without a decision as left out', async () => {
    const { leftOut, decisions } = await auditCsv(['g,d', 'a,1', 'a,', 'b,0'], FLAGS)
    expect([leftOut, decisions]).toEqual([[{ reason: 'decision-missing', n: 1 }], 2])
  })

  it('does not take repeated decisions about one person for independent', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      times(10, `${i % 2 ? 'a' : 'b'},${i % 4 < 2 ? 1 : 0},${i}`),
    ).flat()
    const plain = await auditCsv(['g,d,id', ...rows], FLAGS)
    const clustered = await auditCsv(['g,d,id', ...rows], `${FLAGS} --subject id`)
    const width = ({ attributes }: typeof plain) =>
      attributes[0]!.categories[0]!.rateInterval.reduce((low, high) => high - low)
    expect(width(clustered)).toBeGreaterThan(2 * width(plain))
  })

  it('reads columns without a heading, as data frames are written with', async () => {
    const { attributes } = await auditCsv([',g,d,', '0,a,1,', '1,b,0,'], FLAGS)
    expect(attributes[0]!.categories.map(({ category }) => category)).toEqual(['a', 'b'])
  })

  it('takes whoever is not named for somebody of their own', async () => {
    const rows = [...times(20, 'a,1,'), ...times(20, 'a,0,'), ...times(3, 'b,1,x'), ...times(37, 'b,0,')]
    const { attributes, notes } = await auditCsv(['g,d,who', ...rows], `${FLAGS} --subject who`)
    expect(notes.map(({ text }) => text)).toContain('77 rows name no subject: each counts as a person of its own.')
    // half of 40 single people: as wide as if nobody repeated
    expect(attributes[0]!.categories[0]!.rateInterval[0]).toBeLessThan(0.4)
  })

  it('says what its strata, sites and outcomes leave out', async () => {
    const rows = ['a,1,x,p,1', 'b,0,,p,0', 'a,0,x,,1', 'b,1,x,p,']
    const { notes } = await auditCsv(
      ['g,d,st,si,o', ...rows],
      `${FLAGS} --stratum st --site si --outcome o --positive 1`,
    )
    expect(notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['stratum-missing', 'site-missing', 'outcome-missing']),
    )
  })

  it('repeats itself under one seed', async () => {
    const file = csvFile(['g,d,id', ...times(3, 'a,1,1'), ...times(5, 'a,0,2'), ...times(4, 'b,1,3'), 'b,0,4', 'a,1,5'])
    const [first, second] = [await auditOf(file, `${FLAGS} --subject id`), await auditOf(file, `${FLAGS} --subject id`)]
    expect(second).toEqual(first)
  })
})

describe('an audit of scores', () => {
  const rows = ['g,s', 'a,1', 'a,2', 'a,3', 'b,3', 'b,4', 'b,5', ',9', 'a,']

  it('has shares above the median of people of known category', async () => {
    const { attributes } = await auditCsv(rows, '--score s --group g')
    const { median, categories, unknown } = attributes[0]!
    expect([median, unknown]).toEqual([3, 1])
    expect(categories.map(({ selected, n }) => [selected, n])).toEqual([
      [0, 3],
      [2, 3],
    ])
  })

  it('reports the ties at the median', async () => {
    expect((await auditCsv(rows, '--score s --group g')).attributes[0]!.ties).toBe(2)
  })

  it('counts rows without a score as left out', async () => {
    expect((await auditCsv(rows, '--score s --group g')).leftOut).toEqual([{ reason: 'score-missing', n: 1 }])
  })

  it('weighs the median', async () => {
    const { attributes } = await auditCsv(['g,s,w', 'a,1,5', 'b,2,1', 'b,3,1'], '--score s --group g --weight w')
    expect(attributes[0]!.median).toBe(1)
  })
})

describe('outcomes', () => {
  it('give error rates by category', async () => {
    const rows = [
      ...times(6, 'a,1,good'),
      ...times(2, 'a,1,bad'),
      ...times(3, 'a,0,bad'),
      'a,0,good',
      'b,1,good',
      'b,0,bad',
    ]
    const { errorRates } = await auditCsv(['g,d,y', ...rows], `${FLAGS} --outcome y --positive good`)
    expect(errorRates[0]).toMatchObject({
      category: 'a',
      n: 12,
      fpr: 0.4,
      fnr: 1 / 7,
      ppv: 0.75,
      selectiveLabels: false,
    })
  })

  it('that are known of the selected only give no error rates of the refused', async () => {
    const rows = [...times(6, 'a,1,good'), 'a,1,bad', ...times(4, 'a,0,'), 'b,1,good', 'b,0,']
    const { errorRates, notes } = await auditCsv(['g,d,y', ...rows], `${FLAGS} --outcome y --positive good`)
    expect(errorRates[0]).toMatchObject({ fpr: null, fnr: null, ppv: 6 / 7, selectiveLabels: true })
    expect(notes.map(({ code }) => code)).toContain('selective-labels')
  })
})

it('a table of a database file is audited like a file', async () => {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const path = csvFile(['g,d', 'a,1']).replace(/log\.csv$/, 'log.duckdb')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run("CREATE TABLE decisions AS SELECT * FROM (VALUES ('a', TRUE), ('b', FALSE)) AS t(g, d)")
  connection.closeSync()
  instance.closeSync()
  const report = await auditOf(path, '--table decisions --decision d --favourable true --group g')
  expect(report.attributes[0]!.categories.map(({ selected }) => selected)).toEqual([1, 0])
})

it('columns can be named in a file', async () => {
  const path = csvFile(['g,d', 'a,1', 'b,0'])
  const { writeFileSync } = await import('node:fs')
  const map = path.replace('log.csv', 'map.json')
  writeFileSync(map, JSON.stringify({ decision: 'd', favourable: '1', group: ['g'] }))
  expect((await auditOf(path, `--map ${map}`)).attributes[0]!.attribute).toBe('g')
  const { code, stderr } = await yukue(['audit', path, '--map', map, '--decision', 'other'])
  expect([code, /--decision is given twice/.test(stderr)]).toEqual([2, true])
})
