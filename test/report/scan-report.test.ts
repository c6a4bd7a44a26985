import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { scanReport } from '../../src/contract/scan.ts'
import { columnsOf } from '../../src/report/columns.ts'
import { translator } from '../../src/report/language.ts'
import { renderScanText } from '../../src/report/scan-report.ts'
import { hostileReport } from '../builders/hostile-report.ts'
import { largeReport, packagesReport, report } from '../builders/report.ts'

const options = { t: translator('en'), width: 80, colour: false }
const text = renderScanText(packagesReport(), options)

/** The lines from the one with `start` to the one before `end`. */
function between(start: string, end: string): string {
  return text.slice(text.indexOf(start), text.indexOf(end, text.indexOf(start)))
}

describe('renderScanText', () => {
  it('is given a sample that keeps to the contract', () => {
    expect(scanReport.safeParse(packagesReport()).error).toBeUndefined()
  })

  it('begins with the summary in one line', () => {
    expect(text.split('\n')[0]).toBe('16 files, 13 models, 4 families, 1 problem, 1 direction undetermined')
  })

  it('lists every copy of a model under it', () => {
    const copies = between('silero_vad_v6 ', '─▶')
    expect(copies.match(/• .*onnx, 2\.33 MB/g)).toHaveLength(3)
  })

  it('draws an extraction below the model it was taken from, with the evidence', () => {
    expect(between('─▶ silero_vad_16k', '•')).toMatch(
      /extracted, converted\s+│ verified · similarity 1\.0000 · p = 1e-12/,
    )
  })

  it('names all parents of a merged model with their weights', () => {
    expect(text).toContain('merged from: af_bella 50 %, af_sarah 50 %')
  })

  it('draws an undetermined direction with a question mark and says what would settle it', () => {
    expect(text).toContain('╌? birds_V1')
    expect(between('Undetermined directions', 'Look-alikes')).toContain('published')
  })

  it('says that the top of an undetermined relation is only plausible', () => {
    expect(between('insects_V1  ', '•')).toContain('most plausible origin')
  })

  it('sets look-alikes apart from families', () => {
    expect(between('Look-alikes', 'Single models')).toMatch(/silero_vad_v5 .* ≠ silero_vad_v6 .*: 14 tensors/)
  })

  it('tells what to do about a file that could not be read', () => {
    expect(between('Problems', 'never').replaceAll(/\s+/g, ' ')).toContain('Download or copy the file again')
  })

  it.each([40, 80, 120])('keeps to %d columns', (width) => {
    const lines = renderScanText(packagesReport(), { ...options, width }).split('\n')
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([])
  })

  it('keeps to 80 columns in Japanese, but for a closing mark that may hang over', () => {
    const lines = renderScanText(packagesReport(), { ...options, t: translator('ja') }).split('\n')
    expect(lines.filter((line) => columnsOf(line) > 82)).toEqual([])
  })

  it('says the same with colour and without', () => {
    const coloured = renderScanText(packagesReport(), { ...options, colour: true })
    expect(coloured).not.toBe(text)
    expect(stripVTControlCharacters(coloured)).toBe(text)
  })

  it('says that nothing was found', () => {
    expect(renderScanText(report(), options)).toBe('0 files, 0 models, 0 families, 0 problems\n\nNo model was found.\n')
  })

  it('lets no control or format character of a hostile name reach the terminal', () => {
    const lines = renderScanText(hostileReport(), options).split('\n')
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([])
  })

  it('lets no name begin a line of its own', () => {
    expect(renderScanText(hostileReport(), options)).toContain('two⟨U+000A⟩lines⟨U+000D⟩⟨U+000A⟩and a half')
  })

  it('cuts names of 4 kB', () => {
    expect(renderScanText(hostileReport(), options)).not.toContain('y'.repeat(200))
  })

  it('stays within a few thousand lines for 5,000 models, and says how many are left out', () => {
    const large = renderScanText(largeReport(5_000), options)
    expect(large.split('\n').length).toBeLessThan(10_000)
    expect(large).toMatch(/and [\d,]+ more; --json lists all/)
  })
})
