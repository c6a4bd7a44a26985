import { columnsOf, padTo } from './columns.ts'
import type { Paint } from './paint.ts'

/** Rows of equal columns, the first to the left, the others to the right; the heading faint. */
export function alignedTable(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column]!))))
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const gap = ' '.repeat(widths[column]! - columnsOf(cell))
      return column === 0 ? padTo(cell, widths[column]!) : gap + cell
    })
    const line = `  ${cells.join('  ')}`.trimEnd()
    return index === 0 ? paint.faint(line) : line
  })
}
