import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'

/** Rows taller than this are measured; it only has to be near enough for the scroll bar not to jump. */
const ROW_HEIGHT = 84

/** A long list of which only what is in view stands in the page; the next part is asked for near its end. */
export function VirtualList<T>({
  items,
  total,
  label,
  keyOf,
  more,
  children,
}: {
  items: readonly T[]
  /** Null where only the server could count. */
  total: number | null
  label: string
  keyOf(item: T): string
  more: (() => void) | null
  children(item: T): ReactNode
}) {
  const place = useRef<HTMLUListElement>(null)
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: place.current?.offsetTop ?? 0,
    getItemKey: (index) => keyOf(items[index] as T),
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (more !== null && last >= items.length - 10) more()
  }, [last, items.length, more])
  return (
    <ul className="virtual" aria-label={label} ref={place} style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, key, start }) => (
        <li
          key={key}
          data-index={index}
          ref={rows.measureElement}
          aria-posinset={index + 1}
          aria-setsize={total ?? -1}
          style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
        >
          {children(items[index] as T)}
        </li>
      ))}
    </ul>
  )
}
