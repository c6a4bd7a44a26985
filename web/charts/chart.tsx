import '../style/charts.css'
import * as Plot from '@observablehq/plot'
import { useEffect, useRef, useState } from 'react'
import {
  type ForestRow,
  forestOptions,
  type LinePoint,
  lineOptions,
  type TimelinePoint,
  timelineOptions,
} from '../../src/report/chart.ts'

type Options = Parameters<typeof Plot.plot>[0]

interface Labelled {
  /** What is drawn, for those who do not see it; the figures stand in a table beside it. */
  label: string
}

/** Points with intervals, one line a row, on a logarithmic axis about 1. */
export function Forest({ rows, label }: Labelled & { rows: readonly ForestRow[] }) {
  return <Drawing label={label} options={(width) => withNames(forestOptions(Plot, rows) as Options, width)} of={rows} />
}

/** Rates week by week, with vertical lines on days of deployment. */
export function Timeline({
  points,
  days,
  label,
}: Labelled & { points: readonly TimelinePoint[]; days: readonly string[] }) {
  return <Drawing label={label} options={() => timelineOptions(Plot, points, days) as Options} of={points} />
}

/** Lines over a number. */
export function Lines({ points, x, y, label }: Labelled & { points: readonly LinePoint[]; x: string; y: string }) {
  return <Drawing label={label} options={() => lineOptions(Plot, points, x, y) as Options} of={points} />
}

/** On a phone, names take a third of the width and no more. */
function withNames(options: Options, width: number): Options {
  return { ...options, marginLeft: Math.min(190, Math.round(width * 0.36)) }
}

/**
 * Plot puts a style element into what it draws, which the content security policy forbids in a page. So it draws into a document of
 * its own, where no style takes effect; what it says there stands in charts.css.
 */
function drawn(options: Options, width: number): Element {
  const apart = document.implementation.createHTMLDocument('')
  const svg = Plot.plot({ ...options, width, className: 'plot', document: apart } as Options)
  for (const style of svg.querySelectorAll('style')) style.remove()
  return svg
}

function Drawing({ options, label, of }: Labelled & { options(width: number): Options; of: unknown }) {
  const place = useRef<HTMLElement>(null)
  const width = useWidth(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `options` is a new function each time; `of` is what it depends on
  useEffect(() => {
    const figure = place.current
    if (figure === null || width === 0) return
    const svg = document.importNode(drawn(options(width), width), true)
    svg.setAttribute('aria-hidden', 'true')
    figure.replaceChildren(svg)
  }, [of, width])
  return <figure className="chart" role="img" aria-label={label} ref={place} />
}

function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (place.current === null) return
    const seen = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)))
    seen.observe(place.current)
    return () => seen.disconnect()
  }, [place])
  return width
}
