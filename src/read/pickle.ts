import { MAX_PICKLE_OPCODES } from './limits.ts'
import { pickleCursor } from './pickle-cursor.ts'
import { beyond, type PickleImport, type PickleMachine, pop, top } from './pickle-machine.ts'
import { applyOpcode } from './pickle-opcodes.ts'
import { isNode, type PickleValue } from './pickle-value.ts'
import { ReadError } from './read-error.ts'
import type { ByteSource } from './source.ts'

export interface Pickle {
  value: PickleValue
  /** Every import, also one whose value is thrown away again: loading runs it all the same. */
  imports: PickleImport[]
  /** Behind the STOP opcode. */
  end: number
  /** Why the pickle was read no further. What stands before that would run all the same. */
  fault: ReadError | null
}

/**
 * Reads the pickle (protocols 0 to 5) at `start` of a source into plain data. There is no way from here to running
 * anything: opcodes that import, call or build only note what a loader would. A pickle costs no more than its opcodes:
 * what it repeats (DUP, memo) is shared, not copied. Throws nothing that the bytes cause; see `fault`.
 */
export function readPickle(source: ByteSource, start = 0): Pickle {
  const machine: PickleMachine = {
    source,
    cursor: pickleCursor(source, start),
    stack: [],
    marks: [],
    memo: new Map(),
    imports: new Map(),
    outer: [],
    offset: start,
    values: 0,
    characters: 0,
  }
  const done = run(machine)
  return { ...done, imports: [...machine.imports.values()], end: machine.cursor.position }
}

function run(machine: PickleMachine): { value: PickleValue; fault: ReadError | null } {
  try {
    for (let opcodes = 0; opcodes < MAX_PICKLE_OPCODES; opcodes++) {
      machine.offset = machine.cursor.position
      const isLast = applyOpcode(machine, machine.cursor.u8('pickle'))
      if (isLast && machine.outer.length === 0) return { value: pop(machine), fault: null }
      if (isLast) endInner(machine)
    }
    throw beyond(machine, 'opcodes of the pickle', MAX_PICKLE_OPCODES)
  } catch (error) {
    if (error instanceof ReadError) return { value: null, fault: error }
    throw error
  }
}

/** Its value becomes one more state of the object that it belongs to. */
function endInner(machine: PickleMachine): void {
  const value = pop(machine)
  Object.assign(machine, machine.outer.pop())
  const object = top(machine)
  if (isNode(object) && object.kind === 'object') object.states?.push(value)
}
