import { MAX_TENSORS } from './limits.ts'
import { ELEMENT_BITS, type ElementType, rowMajorStrides, type StoredTensor } from './model-file.ts'
import { attentionParts } from './onnx-attention.ts'
import { unpackBlocks } from './onnx-block-quantisation.ts'
import { bytesOf, type OnnxData } from './onnx-data.ts'
import type { OnnxLinks, OnnxValue } from './onnx-links.ts'
import type { OnnxGraph, OnnxTensor } from './onnx-model.ts'
import { namedApart, type PlacedTensor } from './onnx-names.ts'
import { axisOrder } from './onnx-orientation.ts'
import { type Part, viewOf, wholePart } from './onnx-part.ts'
import { isParameter, type NamedTensors, plainName, storedScales } from './onnx-quantisation.ts'
import { recurrentParts } from './onnx-recurrent.ts'
import { quantisationOf, type StoredScales } from './onnx-scales.ts'
import { readError } from './read-error.ts'
import { splitByRole } from './split.ts'

/** What the graph says about one tensor. */
interface Reading {
  name: string
  element: ElementType
  dims: number[]
  parts: Part[]
  scales: StoredScales | null
}

/**
 * The tensors of a model in canonical view, each once, quantised ones together with their scales. Fused weights that only
 * PyTorch's names tell are split as in other files.
 */
export function listTensors(data: OnnxData, links: OnnxLinks): StoredTensor[] {
  const recurrent = recurrentParts(data, links)
  const named = namesByGraph(links)
  const placed: PlacedTensor[] = []
  for (const { tensor, graph, value } of links.tensors) {
    const names = named.get(graph)!
    if (tensor.count === 0 || isParameter(value, tensor, names)) continue
    const reading = readingOf(data, tensor, value, recurrent, names)
    for (const part of reading.parts)
      placed.push({ stored: storedTensor(data, tensor, reading, part), path: graph.path })
    checkCount(data, placed.length)
  }
  const tensors = namedApart(data, placed)
  const arranged = tensors.filter((tensor) => !isAsStored(tensor))
  return [...splitByRole(data.wire.source.path, tensors.filter(isAsStored)), ...arranged]
}

/** Later tensors of a name hide earlier ones, as for the nodes. */
function namesByGraph(links: OnnxLinks): Map<OnnxGraph, NamedTensors> {
  const named = new Map<OnnxGraph, Map<string, OnnxTensor>>()
  for (const { tensor, graph } of links.tensors) {
    const names = named.get(graph) ?? new Map<string, OnnxTensor>()
    named.set(graph, names.set(tensor.name, tensor))
  }
  return named
}

function readingOf(
  data: OnnxData,
  tensor: OnnxTensor,
  value: OnnxValue,
  recurrent: Map<OnnxTensor, Part[]>,
  names: NamedTensors,
): Reading {
  const unpacked = unpackBlocks(data, value, tensor)
  if (unpacked !== null) return { ...unpacked, name: plainName(tensor.name), parts: [unpacked.part] }
  const { element, dims } = tensor
  const parts = recurrent.get(tensor) ?? attentionParts(value, tensor) ?? [wholeInOrder(data, tensor, value)]
  const scales = storedScales(data, value, tensor, names)
  return { name: scales === null ? tensor.name : plainName(tensor.name), element, dims, parts, scales }
}

function wholeInOrder(data: OnnxData, tensor: OnnxTensor, value: OnnxValue): Part {
  const order = axisOrder(data, value, tensor.dims) ?? tensor.dims.map((_, axis) => axis)
  return wholePart(tensor.dims, order)
}

function storedTensor(data: OnnxData, tensor: OnnxTensor, reading: Reading, part: Part): StoredTensor {
  const { name, element, dims, scales } = reading
  const quantisation = scales === null ? null : quantisationOf(data.wire.source.path, tensor.name, dims, part, scales)
  const seen = viewOf(dims, ELEMENT_BITS[element], part, bytesOf(data, tensor))
  return { name: name + part.suffix, element, ...seen, quantisation }
}

/** In one range, row-major, floating: what the rules by name can split. */
function isAsStored(tensor: StoredTensor): boolean {
  const { view, data, quantisation } = tensor
  const isWhole = data.kind === 'ranges' && data.ranges.length === 1 && view.start === 0
  const isRowMajor = rowMajorStrides(view.shape).every((stride, axis) => stride === view.strides[axis])
  return quantisation === null && isWhole && isRowMajor && ELEMENT_BITS[tensor.element] >= 8
}

function checkCount(data: OnnxData, count: number): void {
  if (count <= MAX_TENSORS) return
  const values = { what: 'tensors', value: String(count), limit: String(MAX_TENSORS) }
  throw readError(data.wire.source.path, 'limit', values)
}
