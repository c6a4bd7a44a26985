import {
  address,
  expectSignature,
  type Fields,
  fieldsAt,
  type Hdf5File,
  malformed,
  skip,
  u8,
  u16,
  u32,
  unsigned,
  unsupported,
  within,
} from './hdf5-file.ts'
import { fractalObject, openFractalHeap } from './hdf5-fractal.ts'

/** Records of a B-tree of version 2 that index links or attributes by name, and where in them the heap's id stands. */
export const LINK_RECORDS = { type: 5, idAt: 4 } as const
export const ATTRIBUTE_RECORDS = { type: 8, idAt: 0 } as const

/** Nodes of 512 bytes hold 40 records or more: 2⁶⁴ records are 12 levels. */
const MAX_DEPTH = 16

/** Signature, version and type before a node's records, and a checksum behind them. */
const NODE_BYTES = 10

/** Many links or attributes of one object, kept in a fractal heap and indexed by a B-tree of version 2. */
export function* denseObjects(
  file: Hdf5File,
  heapAt: number,
  indexAt: number,
  records: { type: number; idAt: number },
): Generator<Fields> {
  const heap = openFractalHeap(file, heapAt)
  for (const record of treeRecords(file, indexAt, records.type)) {
    skip(record, records.idAt)
    yield fractalObject(heap, record)
  }
}

interface Tree {
  file: Hdf5File
  type: number
  recordBytes: number
  /** By depth, leaves first: bytes of a child's own record count, and of the count below it. */
  countBytes: number[]
  totalBytes: number[]
  visited: Set<number>
}

function* treeRecords(file: Hdf5File, at: number, type: number): Generator<Fields> {
  const header = fieldsAt(file, at, 18 + file.offsetBytes + file.lengthBytes, 'B-tree')
  expectSignature(header, 'BTHD')
  const version = u8(header)
  if (version !== 0) throw unsupported(file, 'HDF5 B-tree version', version)
  if (u8(header) !== type) throw malformed(header, 'records of another type')
  const nodeBytes = u32(header)
  const recordBytes = u16(header)
  const depth = u16(header)
  skip(header, 2)
  if (depth > MAX_DEPTH || recordBytes < 8 || nodeBytes < NODE_BYTES + recordBytes)
    throw malformed(header, `depth ${depth}, nodes of ${nodeBytes} bytes, records of ${recordBytes}`)
  const sizes = countSizes(file, nodeBytes, recordBytes, depth)
  const tree: Tree = { file, type, recordBytes, ...sizes, visited: new Set() }
  const root =
    file.offsetBytes === 8 ? header.view.getBigUint64(header.at, true) : BigInt(header.view.getUint32(header.at, true))
  if (root === (file.offsetBytes === 8 ? 2n ** 64n : 2n ** 32n) - 1n) return
  yield* nodeRecords(tree, address(header), u16(header), depth)
}

/** How wide the counts in a node's child pointers are follows from how much the nodes below can hold. */
function countSizes(file: Hdf5File, nodeBytes: number, recordBytes: number, depth: number) {
  let most = Math.floor((nodeBytes - NODE_BYTES) / recordBytes)
  let below = most
  const countBytes = [bytesFor(most)]
  const totalBytes = [0]
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetBytes + countBytes[0]! + totalBytes[level - 1]!
    most = Math.max(1, Math.floor((nodeBytes - NODE_BYTES - pointer) / (recordBytes + pointer)))
    below = (most + 1) * below + most
    countBytes.push(countBytes[0]!)
    totalBytes.push(bytesFor(below))
  }
  return { countBytes, totalBytes }
}

function bytesFor(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1
}

function* nodeRecords(tree: Tree, at: number, count: number, depth: number): Generator<Fields> {
  const { file, recordBytes } = tree
  const pointerBytes = depth === 0 ? 0 : file.offsetBytes + tree.countBytes[depth - 1]! + tree.totalBytes[depth - 1]!
  const node = fieldsAt(file, at, 6 + count * recordBytes + (count + 1) * pointerBytes, 'B-tree')
  expectSignature(node, depth === 0 ? 'BTLF' : 'BTIN')
  if (tree.visited.has(at)) throw malformed(node, 'a node that stands twice in it')
  tree.visited.add(at)
  skip(node, 2)
  for (let i = 0; i < count; i++) yield within(node, recordBytes, 'B-tree record')
  for (let i = 0; depth > 0 && i <= count; i++) {
    const child = address(node)
    const inner = unsigned(node, tree.countBytes[depth - 1]!)
    skip(node, tree.totalBytes[depth - 1]!)
    yield* nodeRecords(tree, child, inner, depth - 1)
  }
}
