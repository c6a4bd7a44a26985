import type { CoremlFile } from './coreml-file.ts'
import { type MilValue, readValue } from './coreml-values.ts'
import { MAX_NAME_BYTES, MAX_NODES } from './limits.ts'
import { fieldsOf, inside, type Message, textOf } from './protobuf.ts'
import { readError } from './read-error.ts'

/** What an operation takes for a parameter: the name of another's output, or a value of its own. */
export type MilArgument = { kind: 'name'; name: string } | { kind: 'value'; value: MilValue }

export interface MilOperation {
  type: string
  /** The name of its first output. */
  output: string
  /** By parameter, also those that are kept as attributes. */
  arguments: Map<string, MilArgument>
}

/** All operations of a Program (MIL.proto), those in blocks of others too, in the order of the file. */
export function readProgram(model: CoremlFile, message: Message): MilOperation[] {
  const operations: MilOperation[] = []
  for (const entry of entriesOf(model, message, 2))
    for (const block of entriesOf(model, entry, 3)) addBlock(model, block, operations)
  return operations
}

/** The values of a map field. */
function* entriesOf({ wire }: CoremlFile, message: Message, number: number): Generator<Message> {
  for (const field of fieldsOf(wire, message, 'program')) {
    if (field.number !== number) continue
    const entry = inside(wire, message, field, 'program')
    for (const one of fieldsOf(wire, entry, 'program')) if (one.number === 2) yield inside(wire, entry, one, 'program')
  }
}

function addBlock(model: CoremlFile, message: Message, operations: MilOperation[]): void {
  const { wire } = model
  for (const field of fieldsOf(wire, message, 'block'))
    if (field.number === 3) addOperation(model, inside(wire, message, field, 'operation'), operations)
}

function addOperation(model: CoremlFile, message: Message, operations: MilOperation[]): void {
  const { wire } = model
  const operation: MilOperation = { type: '', output: '', arguments: new Map() }
  if (operations.push(operation) > MAX_NODES)
    throw readError(wire.source.path, 'limit', {
      what: 'operations',
      value: `over ${MAX_NODES}`,
      limit: String(MAX_NODES),
    })
  for (const field of fieldsOf(wire, message, 'operation')) {
    if (field.number === 1) operation.type = textOf(wire, field, MAX_NAME_BYTES, 'operation')
    if (field.number > 1 && field.number <= 5) {
      const inner = inside(wire, message, field, 'operation')
      if (field.number === 2) addArgument(model, inner, operation, readArgument)
      if (field.number === 3) operation.output ||= nameOf(model, inner)
      if (field.number === 4) addBlock(model, inner, operations)
      if (field.number === 5) addArgument(model, inner, operation, valueArgument)
    }
  }
}

function addArgument(
  model: CoremlFile,
  entry: Message,
  operation: MilOperation,
  read: (model: CoremlFile, message: Message) => MilArgument | null,
): void {
  const { wire } = model
  let key = ''
  let argument: MilArgument | null = null
  for (const field of fieldsOf(wire, entry, 'argument')) {
    if (field.number === 1) key = textOf(wire, field, MAX_NAME_BYTES, 'parameter')
    if (field.number === 2) argument = read(model, inside(wire, entry, field, 'argument'))
  }
  if (argument !== null && !operation.arguments.has(key)) operation.arguments.set(key, argument)
}

function valueArgument(model: CoremlFile, message: Message): MilArgument | null {
  const value = readValue(model, message)
  return value === null ? null : { kind: 'value', value }
}

/** The first binding: only lists of tensors to be joined have more. */
function readArgument(model: CoremlFile, message: Message): MilArgument | null {
  const { wire } = model
  for (const field of fieldsOf(wire, message, 'argument')) {
    if (field.number !== 1) continue
    const binding = inside(wire, message, field, 'binding')
    for (const one of fieldsOf(wire, binding, 'binding')) {
      if (one.number === 1) return { kind: 'name', name: textOf(wire, one, MAX_NAME_BYTES, 'name') }
      if (one.number === 2) return valueArgument(model, inside(wire, binding, one, 'value'))
    }
  }
  return null
}

function nameOf({ wire }: CoremlFile, message: Message): string {
  for (const field of fieldsOf(wire, message, 'output'))
    if (field.number === 1) return textOf(wire, field, MAX_NAME_BYTES, 'name')
  return ''
}
