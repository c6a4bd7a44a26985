import type { AuditFigures, AuditReport } from '../contract/audit.ts'
import { visible } from './escape.ts'
import { type Html, html } from './html.ts'

/** Loaded only for pages: Plot and the document it draws into take a second. */
type Plot = typeof import('@observablehq/plot')

/** Draws on the server; the page needs no script. */
export interface Charts {
  /** Points with intervals, one line a row, on a logarithmic axis about 1. */
  forest(rows: readonly ForestRow[], label: string): Html
  /** Rates with intervals. */
  rates(rows: readonly RateRow[], label: string): Html
  /** Shares or their differences with intervals, one line a row, on a plain axis with a line at 0. */
  shares(rows: readonly ForestRow[], label: string): Html
  /** Rates week by week with vertical lines on days of deployment. */
  timeline(points: readonly TimelinePoint[], days: readonly string[], label: string): Html
  /** Lines over a number. */
  lines(points: readonly LinePoint[], x: string, y: string, label: string): Html
}

export interface ForestRow {
  name: string
  estimate: number
  low: number
  /** Null for no upper end. */
  high: number | null
}

export interface RateRow {
  name: string
  rate: number
  low: number
  high: number
}

export interface TimelinePoint {
  week: string
  category: string
  rate: number
}

export interface LinePoint {
  x: number
  y: number
  series: string
}

const WIDTH = 720
const ROW_HEIGHT = 26

/** Room for names beside a chart; longer ones are cut. */
const NAME_CHARACTERS = 24
const MARGIN_LEFT = 190

/** Ratios beyond these are drawn at the edge: an interval without end would flatten all others. */
const LEAST_RATIO = 0.05
const MOST_RATIO = 20

export async function loadCharts(): Promise<Charts> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')])
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const draw = (options: Parameters<Plot['plot']>[0], label: string): Html => {
    const drawn = plot.plot({
      width: WIDTH,
      document,
      style: { background: 'none', fontSize: '12px' },
      ...options,
    } as Parameters<Plot['plot']>[0])
    // the library escapes what it writes as text; the label is escaped here
    return html`<figure class="chart" role="img" aria-label="${visible(label)}">${{ markup: drawn.outerHTML }}<figcaption>${visible(label)}</figcaption></figure>`
  }
  return {
    forest: (rows, label) => draw(forestOptions(plot, rows), label),
    rates: (rows, label) => draw(rateOptions(plot, rows), label),
    shares: (rows, label) => draw(shareOptions(plot, rows), label),
    timeline: (points, days, label) => draw(timelineOptions(plot, points, days), label),
    lines: (points, x, y, label) => draw(lineOptions(plot, points, x, y), label),
  }
}

function cut(name: string): string {
  const characters = Array.from(visible(name))
  return characters.length <= NAME_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, NAME_CHARACTERS - 1).join('')}…`
}

/** Names that are cut to the same text must not share a row. */
function named<T extends { name: string }>(rows: readonly T[]): (T & { row: string })[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const short = cut(row.name)
    const times = seen.get(short) ?? 0
    seen.set(short, times + 1)
    return { ...row, row: times === 0 ? short : `${short} (${times + 1})` }
  })
}

export function forestOptions(plot: Plot, rows: readonly ForestRow[]) {
  const clamp = (value: number) => Math.min(MOST_RATIO, Math.max(LEAST_RATIO, value))
  const drawn = named(rows).map((row) => ({
    ...row,
    at: clamp(row.estimate),
    from: clamp(row.low),
    to: clamp(row.high ?? MOST_RATIO),
  }))
  const order = drawn.map(({ row }) => row)
  return {
    height: 60 + ROW_HEIGHT * rows.length,
    marginLeft: MARGIN_LEFT,
    x: {
      // A logarithmic scale of d3 labels powers of ten only, whatever it is told; so the logarithm is taken before.
      transform: Math.log,
      grid: true,
      label: null,
      ticks: ticksFor(drawn).map(Math.log),
      tickFormat: (value: number) => String(Number(Math.exp(value).toPrecision(3))),
    },
    y: { domain: order, label: null },
    marks: [
      plot.ruleX([1], { strokeDasharray: '4 3' }),
      plot.ruleY(drawn, { x1: 'from', x2: 'to', y: 'row', strokeWidth: 2 }),
      plot.dot(drawn, { x: 'at', y: 'row', r: 4.5, fill: 'currentColor' }),
    ],
  }
}

const RATIO_TICKS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20]

/** A logarithmic axis of less than a decade labels too little by itself. */
function ticksFor(rows: readonly { from: number; to: number }[]): number[] {
  const low = Math.min(1, ...rows.map(({ from }) => from))
  const high = Math.max(1, ...rows.map(({ to }) => to))
  return RATIO_TICKS.filter((tick) => tick >= low && tick <= high)
}

function rateOptions(plot: Plot, rows: readonly RateRow[]) {
  const drawn = named(rows)
  return {
    height: 50 + ROW_HEIGHT * rows.length,
    marginLeft: MARGIN_LEFT,
    x: { domain: [0, 1], grid: true, label: null, tickFormat: (value: number) => `${Math.round(value * 100)} %` },
    y: { domain: drawn.map(({ row }) => row), label: null },
    marks: [
      plot.barX(drawn, { x: 'rate', y: 'row', fill: 'currentColor', fillOpacity: 0.28, insetTop: 3, insetBottom: 3 }),
      plot.ruleY(drawn, { x1: 'low', x2: 'high', y: 'row', strokeWidth: 2 }),
      plot.ruleX([0]),
    ],
  }
}

function shareOptions(plot: Plot, rows: readonly ForestRow[]) {
  const drawn = named(rows).map((row) => ({ ...row, to: row.high ?? 1 }))
  return {
    height: 60 + ROW_HEIGHT * rows.length,
    marginLeft: MARGIN_LEFT,
    x: { grid: true, nice: true, label: null, tickFormat: (value: number) => `${Number((value * 100).toFixed(1))} %` },
    y: { domain: drawn.map(({ row }) => row), label: null },
    marks: [
      plot.ruleX([0], { strokeDasharray: '4 3' }),
      plot.ruleY(drawn, { x1: 'low', x2: 'to', y: 'row', strokeWidth: 2 }),
      plot.dot(drawn, { x: 'estimate', y: 'row', r: 4.5, fill: 'currentColor' }),
    ],
  }
}

/** Told apart by dash as well as by the name at their end. */
const DASHES = ['0', '6 3', '2 3', '8 3 2 3', '1 2', '10 4']

export function timelineOptions(plot: Plot, points: readonly TimelinePoint[], days: readonly string[]) {
  const drawn = points.map((point) => ({
    ...point,
    at: new Date(`${point.week}T00:00:00Z`),
    name: cut(point.category),
  }))
  const names = [...new Set(drawn.map(({ name }) => name))]
  const deployed = days.map((day) => ({ at: new Date(`${day}T00:00:00Z`), day }))
  return {
    height: 300,
    marginRight: 110,
    x: { type: 'utc' as const, label: null },
    y: { domain: [0, 1], grid: true, label: null, tickFormat: (value: number) => `${Math.round(value * 100)} %` },
    marks: [
      plot.ruleX(deployed, { x: 'at', strokeDasharray: '4 3' }),
      plot.text(deployed, { x: 'at', y: 1, text: 'day', textAnchor: 'start', dx: 4, dy: -6 }),
      ...dashedLines(plot, names, drawn, 'at', 'rate', 'name'),
    ],
  }
}

export function lineOptions(plot: Plot, points: readonly LinePoint[], x: string, y: string) {
  const drawn = points.map((point) => ({ ...point, name: cut(point.series) }))
  const names = [...new Set(drawn.map(({ name }) => name))]
  return {
    height: 260,
    marginRight: 150,
    x: { label: x },
    y: { label: y, grid: true },
    marks: dashedLines(plot, names, drawn, 'x', 'y', 'name'),
  }
}

function dashedLines<T extends { name: string }>(
  plot: Plot,
  names: readonly string[],
  rows: readonly T[],
  x: string,
  y: string,
  name: string,
) {
  return names.flatMap((own, index) => {
    const line = rows.filter((row) => row.name === own)
    return [
      plot.line(line, { x, y, strokeDasharray: DASHES[index % DASHES.length]!, strokeWidth: 1.8 }),
      plot.text(line.slice(-1), { x, y, text: name, textAnchor: 'start', dx: 6 }),
    ]
  })
}

/** Rows of a forest plot of impact ratios; those without a ratio are not drawn. */
export function forestRows(rows: readonly { name: string; figures: AuditFigures }[]): ForestRow[] {
  return rows.flatMap(({ name, figures: { impactRatio, impactRatioInterval } }) =>
    impactRatio === null || impactRatioInterval === null
      ? []
      : [{ name, estimate: impactRatio, low: impactRatioInterval[0], high: impactRatioInterval[1] }],
  )
}

export function timelineRows(report: AuditReport, attribute: string): TimelinePoint[] {
  return report.timeline
    .filter((point) => point.attribute === attribute && point.n > 0)
    .map(({ week, category, n, selected }) => ({ week, category, rate: selected / n }))
}
