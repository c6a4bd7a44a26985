import type { OnnxData } from './onnx-data.ts'
import type { LinkedNode, OnnxLinks, OnnxValue } from './onnx-links.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { constantNumbers } from './onnx-orientation.ts'
import { narrowed, type Part, wholePart } from './onnx-part.ts'

/** Gates in the order of ONNX rows, by PyTorch's letters (ONNX: iofc, zrh). A plain RNN has one, without a name. */
const GATES = new Map([
  ['LSTM', ['.i', '.o', '.f', '.g']],
  ['DynamicQuantizeLSTM', ['.i', '.o', '.f', '.g']],
  ['GRU', ['.z', '.r', '.n']],
  ['RNN', ['']],
])

/** Nodes between an initialiser and the recurrent node: slices, joins and unsqueezes, nested. */
const MAX_TRACE_DEPTH = 16

/** Pieces of one weight: two directions of four gates, each perhaps cut in two. */
const MAX_PIECES = 64

/** Rows [from, from + length) of a tensor: its axes taken together, but for the columns. */
interface Piece {
  tensor: OnnxTensor
  from: number
  length: number
}

/** W and R have columns, the biases have none. */
type Kind = 'matrix' | 'bias'

/**
 * How the weights of recurrent nodes split into gates: one matrix for each direction and gate, so that it does not matter
 * in which order a container keeps the gates. Exporters often cut and join a PyTorch-ordered initialiser by nodes before
 * use; the rows are followed back to it. A tensor is left out unless its gates take all of it.
 */
export function recurrentParts(data: OnnxData, links: OnnxLinks): Map<OnnxTensor, Part[]> {
  const parts = new Map<OnnxTensor, Part[]>()
  for (const node of links.nodes) {
    const gates = GATES.get(node.op)
    if (gates === undefined) continue
    for (const [tensor, split] of partsOfNode(data, node, gates))
      if (!parts.has(tensor) && takesAll(tensor, split)) parts.set(tensor, split)
  }
  return parts
}

function partsOfNode(data: OnnxData, node: LinkedNode, gates: string[]): Map<OnnxTensor, Part[]> {
  const found = new Map<OnnxTensor, Part[]>()
  const [weights, recurrence, biases] = [node.inputs[1], node.inputs[2], node.inputs[3]]
  const bothBiases = ['.ih', '.hh'].flatMap((source) => gates.map((gate) => `${source}${gate}`))
  if (node.op === 'DynamicQuantizeLSTM') {
    for (const value of [weights, recurrence]) splitColumns(value?.tensor, gates, found)
    splitRows(trace(data, biases, 'bias', 0), recurrence?.tensor?.dims[1], 'bias', bothBiases, found)
    return found
  }
  const recurrenceRows = trace(data, recurrence, 'matrix', 0)
  const hidden = recurrenceRows?.[0]?.tensor.dims.at(-1)
  splitRows(trace(data, weights, 'matrix', 0), hidden, 'matrix', gates, found)
  splitRows(recurrenceRows, hidden, 'matrix', gates, found)
  splitRows(trace(data, biases, 'bias', 0), hidden, 'bias', bothBiases, found)
  return found
}

/** W, R: [directions, gates · hidden, in]; B: [directions, 2 · gates · hidden]. `blocks` names each `hidden` rows. */
function splitRows(
  pieces: Piece[] | null,
  hidden: number | undefined,
  kind: Kind,
  blocks: string[],
  found: Map<OnnxTensor, Part[]>,
): void {
  if (pieces === null || hidden === undefined || hidden < 1) return
  const directions = pieces.reduce((sum, piece) => sum + piece.length, 0) / hidden / blocks.length
  if (directions !== 1 && directions !== 2) return
  for (let index = 0; index < directions * blocks.length; index++) {
    const piece = rowsOf(pieces, index * hidden, hidden)
    const part = piece === null ? null : partOf(piece, kind)
    if (piece === null || part === null) return
    // A tensor that holds only one direction, or one of the two biases, says so by its own name.
    const name = blocks[index % blocks.length]!
    const own = piece.tensor.count === sum(pieces.map((one) => one.length)) ? name : name.replace(/^\.[ih]h/, '')
    const reverse = index >= blocks.length && piece.tensor === pieces[0]!.tensor ? '.reverse' : ''
    addPart(found, piece.tensor, { ...part, suffix: `${reverse}${kind === 'bias' ? own : name}` })
  }
}

/** As onnxruntime quantises them: [directions, in, gates · hidden]. */
function splitColumns(tensor: OnnxTensor | null | undefined, gates: string[], found: Map<OnnxTensor, Part[]>): void {
  if (tensor?.dims.length !== 3) return
  const [directions, , columns] = tensor.dims as [number, number, number]
  const hidden = columns / gates.length
  if (!Number.isInteger(hidden) || directions > 2) return
  const whole = wholePart(tensor.dims, [2, 1])
  for (let direction = 0; direction < directions; direction++) {
    const one = narrowed(whole, 0, direction, 1, direction === 0 ? '' : '.reverse')
    for (const [gate, name] of gates.entries()) addPart(found, tensor, narrowed(one, 2, gate * hidden, hidden, name))
  }
}

/** Where the rows of a value stand; null when nodes compute them in a way not followed. */
function trace(data: OnnxData, value: OnnxValue | null | undefined, kind: Kind, depth: number): Piece[] | null {
  if (value == null || depth > MAX_TRACE_DEPTH) return null
  const { tensor, producer } = value
  if (tensor !== null) {
    const columns = kind === 'matrix' ? tensor.dims.at(-1)! : 1
    const expected = kind === 'matrix' ? tensor.dims.length === 2 || tensor.dims.length === 3 : tensor.dims.length <= 2
    return expected && tensor.count > 0 ? [{ tensor, from: 0, length: tensor.count / columns }] : null
  }
  if (producer === null) return null
  if (ROWS_KEPT.has(producer.op)) return trace(data, producer.inputs[0], kind, depth + 1)
  if (producer.op === 'Concat') return traceConcat(data, producer, kind, depth)
  if (producer.op === 'Slice') return traceSlice(data, producer, kind, depth)
  return null
}

/** Nodes after which the rows are the same (Unsqueeze and Reshape add the axis of directions). */
const ROWS_KEPT = new Set(['Identity', 'Cast', 'Unsqueeze', 'Squeeze', 'Reshape', 'DequantizeLinear'])

function traceConcat(data: OnnxData, node: LinkedNode, kind: Kind, depth: number): Piece[] | null {
  if (node.attributes.get('axis')?.[0] !== 0) return null
  const pieces: Piece[] = []
  for (const input of node.inputs) {
    const found = trace(data, input, kind, depth + 1)
    if (found === null || pieces.length + found.length > MAX_PIECES) return null
    pieces.push(...found)
  }
  return pieces
}

/** A Slice of leading rows with step 1. */
function traceSlice(data: OnnxData, node: LinkedNode, kind: Kind, depth: number): Piece[] | null {
  const argument = (name: string, input: number) =>
    node.attributes.get(name) ?? constantNumbers(data, node.inputs[input])
  const pieces = trace(data, node.inputs[0], kind, depth + 1)
  const [starts, ends, axes] = [argument('starts', 1), argument('ends', 2), argument('axes', 3) ?? [0]]
  const steps = node.inputs[4] == null ? [1] : constantNumbers(data, node.inputs[4])
  if (pieces === null || starts?.length !== 1 || ends?.length !== 1 || axes[0] !== 0 || steps?.[0] !== 1) return null
  const rows = sum(pieces.map((piece) => piece.length))
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + rows : at, 0), rows)
  const from = bound(starts[0]!)
  const cut = rowsOf(pieces, from, bound(ends[0]!) - from)
  return cut === null ? null : [cut]
}

/** The piece that holds rows [from, from + length) whole; null when none does. */
function rowsOf(pieces: Piece[], from: number, length: number): Piece | null {
  let before = 0
  for (const piece of pieces) {
    const start = from - before
    if (start >= 0 && length > 0 && start + length <= piece.length)
      return { tensor: piece.tensor, from: piece.from + start, length }
    before += piece.length
  }
  return null
}

/** Rows of a tensor as a box; null when they cross from one direction into the next. */
function partOf({ tensor, from, length }: Piece, kind: Kind): Part | null {
  const { dims } = tensor
  const axis = dims.length - (kind === 'matrix' ? 2 : 1)
  const rows = dims[axis]!
  if ((from % rows) + length > rows) return null
  const order = kind === 'matrix' ? [axis, axis + 1] : [axis]
  const part = narrowed(wholePart(dims, order), axis, from % rows, length, '')
  return axis === 0 ? part : narrowed(part, 0, Math.floor(from / rows), 1, '')
}

function addPart(found: Map<OnnxTensor, Part[]>, tensor: OnnxTensor, part: Part): void {
  const parts = found.get(tensor)
  if (parts === undefined) found.set(tensor, [part])
  else parts.push(part)
}

function takesAll(tensor: OnnxTensor, parts: Part[]): boolean {
  return sum(parts.map((part) => part.lengths.reduce((product, length) => product * length, 1))) === tensor.count
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
