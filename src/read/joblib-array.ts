import { MAX_ELEMENTS } from './limits.ts'
import { typeCode, typeWidth } from './numpy-types.ts'
import { malformed, type PickleMachine } from './pickle-machine.ts'
import { countOf, countsOf, isNode, nameOf, type PickleObject, type PickleValue } from './pickle-value.ts'

export const JOBLIB_ARRAY = 'joblib.numpy_pickle.NumpyArrayWrapper'

/** Of an array's description; real ones have six. */
const ATTRIBUTES = 16

/**
 * joblib writes an array's bytes into the pickle, behind the opcode that completes the array's description, where no opcodes
 * stand. Passes over them and notes where they lie as one more state. An array of Python objects is a pickle within the
 * pickle, whose opcodes are applied like the others (`beginInner`).
 */
export function passJoblibArray(machine: PickleMachine, object: PickleObject): void {
  if (nameOf(object) !== JOBLIB_ARRAY || object.states?.length !== 1) return
  const state = joblibState(object)
  const code = typeCode(state.get('dtype'))
  if (/^\|?O/.test(code)) beginInner(machine)
  else passBytes(machine, object, state, code)
}

function passBytes(
  machine: PickleMachine,
  object: PickleObject,
  state: ReadonlyMap<PickleValue, PickleValue>,
  code: string,
): void {
  const width = typeWidth(code)
  const shape = countsOf(state.get('shape'))
  const length = (shape ?? []).reduce((product, axis) => product * axis, width ?? 0)
  if (width === null || shape === null || length > MAX_ELEMENTS * 8)
    throw malformed(machine, `an array of ${code} whose length cannot be told`)
  const { cursor } = machine
  if (countOf(state.get('numpy_array_alignment_bytes')) !== null) cursor.skip(cursor.u8('padding'), 'padding')
  object.states!.push({ kind: 'bytes', coding: 'raw', offset: cursor.position, length })
  cursor.skip(length, 'array in the pickle')
}

/** The attributes of joblib's array, by name. */
export function joblibState({ states }: PickleObject): Map<PickleValue, PickleValue> {
  const [state] = states ?? []
  return new Map(isNode(state) && state.kind === 'dict' ? state.entries.slice(0, ATTRIBUTES) : [])
}

/** Until its STOP the inner pickle has a stack and memo of its own. */
function beginInner(machine: PickleMachine): void {
  const { stack, marks, memo } = machine
  machine.outer.push({ stack, marks, memo })
  machine.stack = []
  machine.marks = []
  machine.memo = new Map()
}
