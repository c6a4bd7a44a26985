import type { ElementType } from './model-file.ts'
import type { Message } from './protobuf.ts'

/** A node's inputs and outputs in a graph, before names are resolved; shapes follow onnx.proto. */
export interface OnnxNode {
  op: string
  domain: string
  /** Names; '' for an optional one left out. */
  inputs: string[]
  outputs: string[]
  /** The whole-number attributes that bear on how weights are read. */
  attributes: ReadonlyMap<string, readonly number[]>
  /** Of If, Loop and Scan. */
  subgraphs: OnnxGraph[]
}

export interface OnnxGraph {
  /** Where the graph stands, such as `then_branch` or `loop/body`; '' for the main graph. */
  path: string
  /** Initialisers, then constants, in file order. */
  tensors: OnnxTensor[]
  nodes: OnnxNode[]
  inputs: string[]
}

/** A model-local function: a graph that nodes call by its domain and name. */
export interface OnnxFunction {
  domain: string
  name: string
  body: OnnxGraph
}

export interface OnnxModel {
  graph: OnnxGraph
  functions: OnnxFunction[]
}

export interface OnnxTensor {
  name: string
  element: ElementType
  /** As stored, row-major. */
  dims: number[]
  count: number
  storage: OnnxStorage
  /** Byte offset of its message, for errors. */
  offset: number
}

export type OnnxStorage =
  | { kind: 'here'; offset: number; length: number }
  | { kind: 'external'; location: string; offset: number; length: number }
  /** Elements that stand one by one in a repeated field of `message`, to be decoded. */
  | { kind: 'listed'; message: Message; field: number; form: NumberForm }
  /** Coordinates and values of the elements that are not 0. */
  | { kind: 'sparse'; values: OnnxTensor; indices: OnnxTensor }
  /** Codes of a type that no `ElementType` has, each to be replaced by `table[code]`, an element. */
  | { kind: 'coded'; codes: OnnxTensor; table: Uint16Array }

/** How a repeated field codes an element: low `bytes` of a varint, or fixed width. */
export interface NumberForm {
  wire: 'varint' | 'fixed32' | 'fixed64'
  /** Bytes of one decoded entry. */
  bytes: 1 | 2 | 4 | 8
}
