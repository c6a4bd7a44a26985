import { CommandError } from '../contract/command-error.ts'
import type { Cell } from './cells.ts'
import type { DecisionLog } from './engine.ts'
import type { Question } from './question.ts'
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

/** Refuses a chosen reference or parent site that the log does not have: there would be nothing to compare with, without a word. */
export function checkNamed(log: DecisionLog, question: Question, cells: readonly Cell[]): void {
  const { references, groups, site, parentSite } = question
  for (const [attribute, value] of Object.entries(references)) {
    const index = groups.indexOf(attribute)
    if (index < 0)
      throw new CommandError({ code: 'option-needed', option: `--group ${attribute}`, because: '--reference' })
    checkPresent(
      log,
      attribute,
      value,
      cells.map((cell) => cell.groups[index] ?? null),
    )
  }
  if (site === null || parentSite === null) return
  checkPresent(
    log,
    site,
    parentSite,
    cells.map((cell) => cell.site),
  )
}

function checkPresent(log: DecisionLog, column: string, value: string, all: readonly (string | null)[]): void {
  // an audit of scores counts no cells: its categories are checked where they are tallied
  const found = [...new Set(all)].filter((each) => each !== null).sort()
  if (all.length === 0 || found.includes(value)) return
  const values = found.slice(0, SHOWN_VALUES).join(', ')
  throw new CommandError({ code: 'favourable-absent', path: log.name, column, value, values })
}
