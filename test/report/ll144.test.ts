import { describe, expect, it } from 'vitest'
import { csvFile, times } from '../builders/audit.ts'
import { yukue } from '../builders/command.ts'

async function tables(rows: readonly string[], args: string): Promise<string> {
  const { stdout, stderr } = await yukue(['audit', csvFile(rows), '--report', 'll144', '--quiet', ...args.split(' ')])
  if (stdout === '') throw new Error(stderr)
  return stdout
}

/** So many of a thousand above the median score, which is 5. */
const scored = (sex: string, above: number, n: number) => [...times(above, `${sex},9`), ...times(n - above, `${sex},5`)]

/** Cells of the table row that begins with a name. */
function rowOf(text: string, name: string): string[] {
  const line = text.split('\n').find((some) => some.startsWith(`| ${name} `))!
  return line
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
}

describe('the tables of Local Law 144', () => {
  // the examples of DCWP's rules (6 RCNY § 5-301): scoring rates 54.3 and 44.7 %, then five categories
  it('have the law’s example for sex', async () => {
    const text = await tables(
      ['sex,score', ...scored('Male', 543, 1000), ...scored('Female', 447, 1000), 'Male,5'],
      '--score score --group sex',
    )
    expect(rowOf(text, 'Female').slice(-2)).toEqual(['44.7%', '0.82'])
    expect(rowOf(text, 'Male').slice(-1)).toEqual(['1.00'])
  })

  it('have the law’s example for race', async () => {
    const rates = { Hispanic: 375, White: 642, Black: 500, Asian: 625, Two: 417 }
    const rows = Object.entries(rates).flatMap(([race, above]) => [
      ...times(above, `${race},1`),
      ...times(1000 - above, `${race},0`),
    ])
    const text = await tables(['race,hired', ...rows], '--decision hired --favourable 1 --group race')
    expect(Object.keys(rates).map((race) => rowOf(text, race).at(-1))).toEqual(['0.58', '1.00', '0.78', '0.97', '0.65'])
  })

  it('cross sex and race, and count people of unknown category', async () => {
    const rows = ['F,Black,1', 'F,White,1', 'M,Black,0', 'M,White,1', ',White,1', 'F,,0']
    const text = await tables(['sex,race,hired', ...rows], '--decision hired --favourable 1 --group sex --group race')
    expect(text).toContain('Sex categories')
    expect(text).toContain('Race/ethnicity categories')
    expect(text).toContain('Intersectional categories')
    expect(text).toContain('2 individuals with an unknown category are not in the calculations above (sex × race).')
  })

  it('state when, from what, and why categories were left out', async () => {
    const rows = [...times(60, 'F,1'), ...times(60, 'M,1'), 'X,0']
    const file = csvFile(['sex,hired', ...rows])
    const facts = ['--audit-date', '2024-05-01', '--source', 'Hires of 2023', '--distribution-date', '2024-06-01']
    const left = ['--min-share', '2%', '--justification', 'one person is no rate']
    const options = ['--decision', 'hired', '--favourable', '1', '--group', 'sex', '--report', 'll144', '--quiet']
    const { stdout } = await yukue(['audit', file, ...options, ...facts, ...left])
    for (const part of ['2024-05-01', 'Hires of 2023', '2024-06-01', 'one person is no rate', '2 %'])
      expect(stdout).toContain(part)
    expect(rowOf(stdout, 'X')).toEqual(['X', '1', '0', '0.0%', 'N/A'])
  })

  it('never say that anything is compliant', async () => {
    const text = await tables(['sex,hired', 'F,1', 'M,1'], '--decision hired --favourable 1 --group sex')
    expect(text).not.toMatch(/complian|pass(?!\s+mark)/i)
  })
})
