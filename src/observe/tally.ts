import type { Cell } from './cells.ts'
import { entryOf } from './entry.ts'
import type { Question } from './question.ts'
import type { Share } from './statistics/intervals.ts'
import { unknownTest } from './unknown.ts'

/** Decisions of one category, with the moments of their score. */
export interface Tally extends Share {
  scored: number
  scoreSum: number
  scoreSquares: number
}

/** An attribute, or a crossing of all: what was decided for each of its categories. */
export interface GroupTally {
  /** Parts of the category's name, one per attribute. */
  categories: { parts: readonly string[]; tally: Tally }[]
  unknown: Tally
  unknownValues: string[]
}

/** A cell whose decision counts, and which way it fell. */
export interface Judged extends Cell {
  isSelected: boolean
}

/** What of the log is judged, and what is not, by reason. */
export interface Judgement {
  cells: Judged[]
  rows: number
  decisions: number
  selected: number
  leftOut: { reason: string; n: number }[]
}

export function judge(cells: readonly Cell[], question: Question): Judgement {
  const reasons = new Map<string, number>()
  const leave = (reason: string, n: number) => reasons.set(reason, (reasons.get(reason) ?? 0) + n)
  const judged: Judged[] = []
  let rows = 0
  for (const cell of cells) {
    rows += cell.rows
    if (!cell.inside) leave(cell.from === null ? 'time-missing' : 'outside-window', cell.rows)
    else if (question.decision !== null && cell.decision === null) leave('decision-missing', cell.rows)
    else judged.push({ ...cell, isSelected: question.favourable.includes(cell.decision ?? '') })
  }
  const sum = (some: readonly Judged[]) => some.reduce((total, { n }) => total + n, 0)
  return {
    cells: judged,
    rows,
    decisions: sum(judged),
    selected: sum(judged.filter(({ isSelected }) => isSelected)),
    leftOut: [...reasons].map(([reason, n]) => ({ reason, n })),
  }
}

/** Decisions that a part of an audit has nothing to say about. */
export function missingIn(cells: readonly Judged[], { stratum, site, outcome, unknown }: Question) {
  const isUnknown = unknownTest(unknown)
  const sum = (test: (cell: Judged) => boolean) => cells.reduce((total, cell) => total + (test(cell) ? cell.n : 0), 0)
  return {
    stratum: stratum === null ? 0 : sum((cell) => cell.stratum === null),
    site: site === null ? 0 : sum((cell) => cell.site === null),
    outcome: outcome === null ? 0 : sum((cell) => isUnknown(cell.outcome)),
  }
}

export function emptyTally(): Tally {
  return { n: 0, selected: 0, scored: 0, scoreSum: 0, scoreSquares: 0 }
}

export function add(tally: Tally, cell: Judged): void {
  tally.n += cell.n
  if (cell.isSelected) tally.selected += cell.n
  tally.scored += cell.scored
  tally.scoreSum += cell.scoreSum
  tally.scoreSquares += cell.scoreSquares
}

export function plus(first: Tally, second: Tally): Tally {
  return {
    n: first.n + second.n,
    selected: first.selected + second.selected,
    scored: first.scored + second.scored,
    scoreSum: first.scoreSum + second.scoreSum,
    scoreSquares: first.scoreSquares + second.scoreSquares,
  }
}

export function minus(first: Tally, second: Tally): Tally {
  return {
    n: first.n - second.n,
    selected: first.selected - second.selected,
    scored: first.scored - second.scored,
    scoreSum: first.scoreSum - second.scoreSum,
    scoreSquares: first.scoreSquares - second.scoreSquares,
  }
}

/** Sums by the categories of the attributes at `indexes` together, in the order of code points. */
export function tallyBy(cells: readonly Judged[], indexes: readonly number[], question: Question): GroupTally {
  const isUnknown = unknownTest(question.unknown)
  const categories = new Map<string, { parts: readonly string[]; tally: Tally }>()
  const unknown = emptyTally()
  const unknownValues = new Set<string>()
  for (const cell of cells) {
    const parts = indexes.map((index) => cell.groups[index] ?? null)
    const missing = parts.filter(isUnknown)
    if (missing.length > 0) {
      for (const value of missing) unknownValues.add(value ?? '')
      add(unknown, cell)
      continue
    }
    const key = JSON.stringify(parts)
    const category = entryOf(categories, key, () => ({ parts: parts as string[], tally: emptyTally() }))
    add(category.tally, cell)
  }
  const filled = [...categories.values()].filter(({ tally }) => tally.n > 0)
  return {
    categories: filled.sort((a, b) => compareParts(a.parts, b.parts)),
    unknown,
    unknownValues: [...unknownValues].sort(byCodePoint),
  }
}

export function compareParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const order = byCodePoint(part, b[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** JavaScript sorts by UTF-16 unit, which puts 𝔸 before Ａ. */
export function byCodePoint(a: string, b: string): number {
  const [first, second] = [Array.from(a), Array.from(b)]
  for (let i = 0; i < Math.min(first.length, second.length); i++) {
    const gap = first[i]!.codePointAt(0)! - second[i]!.codePointAt(0)!
    if (gap !== 0) return gap
  }
  return first.length - second.length
}
