import { describe, expect, it } from 'vitest'
import { type TraceReport, traceReport } from '../../src/contract/trace.ts'
import { translator } from '../../src/report/language.ts'
import { renderTraceText } from '../../src/report/trace-report.ts'
import { artifact, model, relation } from '../builders/report.ts'

const options = { t: translator('en'), width: 80, colour: false }

function named(name: string) {
  const { id, parameters } = model(name, [artifact(name, 'onnx', 1)])
  return { id, name, parameters }
}

function trace(more: Partial<TraceReport> = {}): TraceReport {
  const family = { origins: [], ancestors: [], descendants: [], moreDescendants: [], relatives: [] }
  const facts = { places: [], hops: [], sites: [], claims: [], evaluations: [], results: [], incidents: [] }
  return { schema: 'yukue.trace/1', model: named('vad'), asOf: null, log: null, ...family, ...facts, ...more }
}

describe('renderTraceText', () => {
  it('is given a sample that keeps to the contract', () => {
    const step = { relation: relation(['base'], 'vad'), model: named('base') }
    expect(traceReport.safeParse(trace({ ancestors: [step] })).error).toBeUndefined()
  })

  it('shows the whole identifier of the model asked for', () => {
    expect(renderTraceText(trace(), options)).toContain(named('vad').id)
  })

  it('shows an ancestor with what was done to make the child', () => {
    const step = { relation: relation(['base'], 'vad'), model: named('base') }
    const text = renderTraceText(trace({ ancestors: [step] }), options)
    expect(text).toMatch(
      /Came from\n {2}◀─ base {2}\w{12} · parent of vad\n {5}fine-tuned\n {5}inferred · similarity 0\.9971/,
    )
  })

  it('shows from which model a descendant was made', () => {
    const step = { relation: relation(['vad'], 'small', { changes: ['quantised'] }), model: named('small') }
    expect(renderTraceText(trace({ descendants: [step] }), options)).toContain('made from vad')
  })

  it('keeps relatives of undetermined direction out of both, and says what would settle it', () => {
    const open = relation(['vad'], 'twin', { direction: 'undetermined' })
    const text = renderTraceText(trace({ relatives: [{ relation: open, model: named('twin') }] }), options)
    expect(text).toMatch(/No ancestor is known\..*No descendant is known\..*╌\? twin.*What would settle it: /s)
  })

  it('says when a copy was first and last seen', () => {
    const seen = { firstSeen: '2026-01-01', lastSeen: '2026-02-01', status: 'verified' as const }
    const place = { path: 'a.onnx', format: 'onnx', bytes: 12_000, ...seen }
    const text = renderTraceText(trace({ places: [place] }), options)
    expect(text).toMatch(/• a\.onnx {2}onnx, 12\.0 kB\n +first seen 2026-01-01, last seen 2026-02-01/)
  })

  it('spells out what a hostile name hides', () => {
    const hostile = trace({ model: { ...named('x'), name: '\x1b[2Jmodel\u202Ecod' } })
    expect(renderTraceText(hostile, options)).toContain('⟨U+001B⟩[2Jmodel⟨U+202E⟩cod')
  })
})
