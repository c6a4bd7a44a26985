import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareReport } from '../../src/contract/compare.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const OPTIONS = ['--key', 'id', '--prediction', 'label', '--truth', 'truth', '--group', 'sex']

/** Pairs with so many right–wrong, wrong–right, right–right and wrong–wrong items. */
function predictions(losses: number, gains: number, right: number, wrong: number) {
  const kinds = [...fill(losses, [1, 0]), ...fill(gains, [0, 1]), ...fill(right, [1, 1]), ...fill(wrong, [0, 0])]
  const rows = (side: 0 | 1) => kinds.map((kind, id) => `${id},${kind[side]},1,${id % 2 ? 'F' : 'M'}`)
  return folder({
    'a.csv': `id,label,truth,sex\n${rows(0).join('\n')}\n`,
    'b.csv': `id,label,truth,sex\n${rows(1).toReversed().join('\n')}\n`,
  })
}

function fill(count: number, kind: [number, number]): [number, number][] {
  return Array.from({ length: count }, () => kind)
}

async function compared(cwd: string, ...options: string[]): Promise<CompareReport> {
  const { stdout, stderr } = await yukue(['compare', '--predictions', 'a.csv', 'b.csv', ...options, '--json'], { cwd })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as CompareReport
}

describe('two files of predictions', () => {
  it('show what equal accuracy hides', async () => {
    const report = await compared(predictions(163, 170, 507, 160), ...OPTIONS)
    expect([report.items, report.accuracy]).toEqual([1000, { parent: 0.67, child: 0.677 }])
    expect([report.negativeFlips!.n, report.positiveFlips!.n]).toEqual([163, 170])
    expect(report.negativeFlips!.interval.map((end) => Number(end.toFixed(2)))).toEqual([0.14, 0.19])
    expect(Number(report.mcnemarP!.toFixed(3))).toBe(0.742)
  })

  it('are compared in each group', async () => {
    const { groups } = await compared(predictions(20, 4, 50, 26), ...OPTIONS)
    expect(groups.map(({ category, items }) => [category, items])).toEqual([
      ['F', 50],
      ['M', 50],
    ])
    expect(groups[0]!.adjustedP).toBeGreaterThanOrEqual(groups[0]!.mcnemarP!)
  })

  it('list first what became wrong', async () => {
    const { flipped } = await compared(predictions(1, 1, 1, 1), ...OPTIONS)
    expect(flipped).toEqual([
      { key: '0', parent: '1', child: '0', truth: '1' },
      { key: '1', parent: '0', child: '1', truth: '1' },
    ])
  })

  it('say only how many answers changed where the right ones are not known', async () => {
    const report = await compared(predictions(3, 2, 5, 0), '--key', 'id', '--prediction', 'label')
    expect([report.flips.n, report.accuracy, report.mcnemarP]).toEqual([5, null, null])
  })

  it('take 1 and 1.0 for one answer', async () => {
    const cwd = folder({ 'a.csv': 'id,label\n1,1\n2,0\n', 'b.csv': 'id,label\n1,1.0\n2,0.0\n' })
    expect((await compared(cwd, '--key', 'id', '--prediction', 'label')).flips.n).toBe(0)
  })

  it('count what only one of them has', async () => {
    const cwd = folder({ 'a.csv': 'id,label\n1,1\n2,0\n', 'b.csv': 'id,label\n2,0\n3,1\n4,1\n' })
    const { leftOut } = await compared(cwd, '--key', 'id', '--prediction', 'label')
    expect(leftOut).toEqual([
      { reason: 'only-in-parent', n: 1 },
      { reason: 'only-in-child', n: 2 },
    ])
  })

  it.each([
    {
      what: 'a key twice',
      b: 'id,label\n1,1\n1,0\n',
      reason: /b\.csv, row 2, column id: “1” stands there a second time/,
    },
    { what: 'nothing in common', b: 'id,label\n8,1\n9,0\n', reason: /no input in common/ },
    { what: 'no such column', b: 'id,answer\n1,1\n', reason: /b\.csv has no column label/ },
  ])('are refused with $what', async ({ b, reason }) => {
    const cwd = folder({ 'a.csv': 'id,label\n1,1\n2,0\n', 'b.csv': b })
    const { code, stderr } = await yukue(
      ['compare', '--predictions', 'a.csv', 'b.csv', '--key', 'id', '--prediction', 'label'],
      { cwd },
    )
    expect([code, reason.test(stderr)]).toEqual([2, true])
  })
})

it('the child’s text says that the parent’s audit does not carry over', async () => {
  const cwd = predictions(3, 2, 5, 0)
  const { stdout } = await yukue(['compare', '--predictions', 'a.csv', join(cwd, 'b.csv'), ...OPTIONS], { cwd })
  expect(stdout).toContain('An audit of the parent does not hold for the child.')
})
