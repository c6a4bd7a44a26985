import type { Reader } from './model-file.ts'
import { customOperators } from './onnx-custom.ts'
import { dataOf } from './onnx-data.ts'
import { readModel } from './onnx-graph.ts'
import { linkModel } from './onnx-links.ts'
import { listTensors } from './onnx-list.ts'
import { wireOf } from './protobuf.ts'

/**
 * Reads an ONNX file: every initialiser and constant, in subgraphs and functions too, seen as the nodes that take it see
 * it. Format: onnx.proto of https://github.com/onnx/onnx. Protobuf has no end mark: a file cut exactly between the fields
 * of its outermost message reads as a shorter model, or as `malformed` where the graph is gone.
 */
export const readOnnx: Reader = (source, siblings) => {
  const wire = wireOf(source)
  const data = dataOf(wire, siblings)
  try {
    const model = readModel(wire)
    const tensors = listTensors(data, linkModel(model))
    return { format: 'onnx', files: data.files, tensors, findings: customOperators(model) }
  } catch (error) {
    for (const opened of data.files.slice(1)) opened.close()
    throw error
  }
}

const IR_VERSION_TAG = 0x08

/** Versions from 1 to 13 exist; room for those to come, and none of it is printable text. */
const MAX_IR_VERSION = 31

/** Tags of what writers put behind ir_version: names and versions of the producer, graph, opset_import, metadata. */
const SECOND_TAGS = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72])

/** Whether a file is ONNX by its name, or begins like a ModelProto: ir_version, then another of its fields. */
export function looksLikeOnnx(name: string, head: Uint8Array): boolean {
  if (/\.onnx$/i.test(name)) return true
  const [tag, version, second] = head
  if (tag !== IR_VERSION_TAG || version === undefined || second === undefined) return false
  return version >= 1 && version <= MAX_IR_VERSION && SECOND_TAGS.has(second)
}
