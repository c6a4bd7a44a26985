import type { ReactNode } from 'react'
import { useState } from 'react'
import { useText } from '../language.tsx'

/** More rows than these stand behind a button: nobody reads them, and the page stays quick. */
const FIRST_ROWS = 60

export interface Row {
  key: string
  cells: readonly ReactNode[]
}

/** A table that scrolls by itself where the page is narrow. `numbers`: the columns of figures. */
export function Table({
  caption,
  head,
  rows,
  numbers = [],
}: {
  caption: string
  head: readonly string[]
  rows: readonly Row[]
  numbers?: readonly number[]
}) {
  const t = useText()
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.slice(0, FIRST_ROWS)
  const classOf = (column: number) => (numbers.includes(column) ? 'number' : undefined)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label={caption}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {head.map((text, column) => (
                <th key={text} scope="col" className={classOf(column)}>
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((cell, column) =>
                  column === 0 ? (
                    <th key={head[column]} scope="row" className={classOf(column)}>
                      {cell}
                    </th>
                  ) : (
                    <td key={head[column]} className={classOf(column)}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > shown.length ? (
        <p>
          <button type="button" onClick={() => setAll(true)}>
            {t('web.showAll', { count: rows.length })}
          </button>
        </p>
      ) : null}
    </>
  )
}
