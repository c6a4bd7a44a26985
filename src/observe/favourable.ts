import { CommandError } from '../contract/command-error.ts'
import type { DecisionLog } from './engine.ts'
import { firstRow, literal } from './sql.ts'

/** Values listed in an error; more would hide the point. */
const SHOWN_VALUES = 12

/**
 * Refuses a favourable value that the column does not have, and one that the column spells in more than one way ("yes" and "Yes",
 * "1" and "true"): counting one of the spellings would judge the others as refused.
 */
export async function checkMeaning(
  log: DecisionLog,
  name: string,
  wanted: readonly string[],
  found: readonly string[],
): Promise<void> {
  for (const value of wanted) {
    if (!found.includes(value))
      throw new CommandError({
        code: 'favourable-absent',
        path: log.name,
        column: name,
        value,
        values: found.toSorted().slice(0, SHOWN_VALUES).join(', '),
      })
  }
  const meanings = new Set(wanted.map(meaning))
  const other = found.find((value) => !wanted.includes(value) && meanings.has(meaning(value)))
  if (other === undefined) return
  const { row } = await firstRow(log, name, `CAST("${name.replaceAll('"', '""')}" AS VARCHAR) = ${literal(other)}`)
  throw new CommandError({ code: 'favourable-ambiguous', path: log.name, row, column: name, value: wanted[0]!, other })
}

const TRUE = ['1', 'true', 'yes', 'y', 't']
const FALSE = ['0', 'false', 'no', 'n', 'f']

/** Equal for two spellings that a reader would take for the same. */
function meaning(value: string): string {
  const folded = value.normalize('NFKC').trim().toLowerCase()
  const plain = folded !== '' && Number.isFinite(Number(folded)) ? String(Number(folded)) : folded
  if (TRUE.includes(plain)) return 'true'
  return FALSE.includes(plain) ? 'false' : plain
}
