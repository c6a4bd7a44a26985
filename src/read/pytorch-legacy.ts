import type { ByteRange } from './model-file.ts'
import { numpyArrays } from './numpy-pickle.ts'
import { type Pickle, readPickle } from './pickle.ts'
import { countOf, isNode, itemsOf, type PickleValue } from './pickle-value.ts'
import { pickleFindings } from './pickle-verdict.ts'
import { pickledModel } from './pickled-model.ts'
import { pytorchTensor, type StorageOf } from './pytorch-tensor.ts'
import { type PytorchType, storageType } from './pytorch-types.ts'
import type { PytorchTensors } from './pytorch-zip.ts'
import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

/** torch/serialization.py: a pickled number of ten bytes begins the file. */
const MAGIC = 0x1950a86a20f9469cfc6cn
const MAGIC_BYTES = Uint8Array.of(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
const PROTOCOL = 1001

/** Before each storage's bytes stands the number of its elements. */
const COUNT_BYTES = 8

/** By content: the magic number, in whichever pickle protocol. */
export function looksLikeLegacyPytorch(_name: string, head: Uint8Array): boolean {
  const at = head[2] === 0x95 ? 11 : 2
  const isNumber = head[0] === 0x80 && head[at] === 0x8a && head[at + 1] === MAGIC_BYTES.length
  return isNumber && MAGIC_BYTES.every((byte, index) => head[at + 2 + index] === byte)
}

/** By content: the form of the very first versions, a tar archive of `sys_info`, `pickle`, `storages` and `tensors`. */
export function looksLikeTarPytorch(_name: string, head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 512))
  return text.slice(257, 262) === 'ustar' && /^(\.\/)?(sys_info|pickle|storages|tensors)\0/.test(text)
}

/** The tar form is known, and no longer written since 2017. */
export function refuseTarPytorch(source: ByteSource): never {
  throw readError(source.path, 'unsupported', { what: 'PyTorch checkpoint', value: 'a tar archive of version 0.1' })
}

/**
 * A checkpoint as torch.save wrote it before version 1.6: pickles of a magic number, a protocol number, the writer's machine, the
 * objects and the names of storages, then these, one after the other.
 */
export function readLegacyPytorch(source: ByteSource): PytorchTensors {
  const pickles = readPickles(source)
  const findings = pickles.flatMap(({ pickle, where }) => pickleFindings(pickle, where))
  if (pickles.some(({ pickle }) => pickle.fault !== null)) return { files: [source], tensors: [], findings }
  const [magic, protocol, machine, objects, keys] = pickles.map(({ pickle }) => pickle)
  if (magic?.value !== MAGIC || protocol?.value !== PROTOCOL)
    throw readError(source.path, 'unsupported', {
      what: 'PyTorch checkpoint',
      value: `protocol ${String(protocol?.value)}`,
    })
  refuseBigEndian(source, machine!.value)
  const ids = persistentIds(objects!.value)
  const storageOf = storages(storageRanges(source, keys!, ids))
  const arrays = numpyArrays(source, () => ({ file: 0, offset: 0 }))
  const model = pickledModel(source, objects!.value, (value) => pytorchTensor(value, storageOf) ?? arrays(value))
  return { files: [source], tensors: model.tensors, findings: [...findings, ...model.findings] }
}

const PARTS = ['magic number', 'protocol', 'system information', 'objects', 'storage names']

function readPickles(source: ByteSource): { pickle: Pickle; where: string }[] {
  const pickles: { pickle: Pickle; where: string }[] = []
  let at = 0
  for (const where of PARTS) {
    const pickle = readPickle(source, at)
    pickles.push({ pickle, where: `the pickle of ${where}` })
    if (pickle.fault !== null) return pickles
    at = pickle.end
  }
  return pickles
}

function refuseBigEndian(source: ByteSource, machine: PickleValue): void {
  const entries = isNode(machine) && machine.kind === 'dict' ? machine.entries : []
  const little = entries.find(([key]) => key === 'little_endian')?.[1]
  if (little === false) throw readError(source.path, 'unsupported', { what: 'byte order', value: 'big' })
}

/** All persistent ids of an object graph: each storage's class, which its size depends on, stands only there. */
function persistentIds(root: PickleValue): Map<string, PytorchType> {
  const types = new Map<string, PytorchType>()
  const seen = new Set<PickleValue>()
  const pending: PickleValue[] = [root]
  while (pending.length > 0) {
    const value = pending.pop()!
    if (!isNode(value) || seen.has(value)) continue
    seen.add(value)
    if (value.kind === 'persistent') {
      const id = parseId(value.id)
      if (id !== null) types.set(id.key, id.type)
      continue
    }
    for (const inner of partsOf(value)) if (isNode(inner)) pending.push(inner)
  }
  return types
}

function* partsOf(value: Exclude<PickleValue, null | boolean | number | bigint | string>): Generator<PickleValue> {
  if ('items' in value && value.items !== null) yield* value.items
  if ('entries' in value && value.entries !== null) for (const [key, inner] of value.entries) yield* [key, inner]
  if (value.kind === 'object') {
    yield* [value.callee, value.args]
    yield* value.states ?? []
  }
}

/** ('storage', class, key, device, elements, view); the view, of the earliest versions, is (key, offset, elements) or None. */
function parseId(id: PickleValue): { key: string; type: PytorchType; elements: number; start: number } | null {
  const [kind, storageClass, key, , elements, view] = itemsOf(id) ?? []
  const type = storageType(storageClass)
  const whole = countOf(elements)
  if (kind !== 'storage' || type === null || typeof key !== 'string' || whole === null) return null
  const [, offset, length] = itemsOf(view) ?? []
  const [start, count] = [countOf(offset), countOf(length)]
  return start === null || count === null
    ? { key, type, elements: whole, start: 0 }
    : { key, type, elements: count, start }
}

/** Walks the storages behind the pickles, in the order of their names. */
function storageRanges(
  source: ByteSource,
  keys: Pickle,
  types: ReadonlyMap<string, PytorchType>,
): Map<string, ByteRange> {
  const ranges = new Map<string, ByteRange>()
  let at = keys.end
  for (const key of itemsOf(keys.value) ?? []) {
    const type = typeof key === 'string' ? types.get(key) : undefined
    if (typeof key !== 'string' || type === undefined)
      throw readError(source.path, 'malformed', {
        what: 'storage names',
        reason: 'one that no tensor uses',
        offset: at,
      })
    const count = readBytes(source, at, COUNT_BYTES, `storage ${key}`)
    const length = Number(new DataView(count.buffer).getBigUint64(0, true)) * type.width
    checkRange(source, at + COUNT_BYTES, length, `storage ${key}`)
    ranges.set(key, { file: 0, offset: at + COUNT_BYTES, length })
    at += COUNT_BYTES + length
  }
  return ranges
}

function storages(ranges: ReadonlyMap<string, ByteRange>): StorageOf {
  return (value) => {
    const id = parseId(value)
    const whole = id === null ? undefined : ranges.get(id.key)
    if (id === null || whole === undefined) return null
    const { type, elements, start } = id
    const offset = start * type.width
    const length = Math.max(0, Math.min(elements * type.width, whole.length - offset))
    return { type, range: { file: 0, offset: whole.offset + offset, length } }
  }
}
