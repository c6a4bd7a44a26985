import { posix } from 'node:path'
import { type Architecture, architectureOf } from './gguf-attention.ts'
import { countOf, type Metadata, readMetadata, textOf } from './gguf-metadata.ts'
import { partsOf } from './gguf-parts.ts'
import { aligned, checkPlaces, readTensorInfos, storedTensors, type TensorInfo, unreadTypes } from './gguf-tensors.ts'
import { headerCursor } from './header-cursor.ts'
import { refuseLfsPointer } from './lfs-pointer.ts'
import { MAX_ALIGNMENT, MAX_FILES } from './limits.ts'
import type { Finding, ModelFile, StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import type { ByteSource, Siblings } from './source.ts'

const MAGIC = 'GGUF'

/** Where nothing else is said (gguf.h, GGUF_DEFAULT_ALIGNMENT). */
const DEFAULT_ALIGNMENT = 32

export function looksLikeGguf(_name: string, head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, MAGIC.length)) === MAGIC
}

/** A GGUF file of version 2 or 3, or the first one of a model split over several (ggml-org/ggml, docs/gguf.md). */
export function readGguf(source: ByteSource, siblings: Siblings): ModelFile {
  const first = readOne(source, 0)
  const files = [first, ...readOthers(first, siblings)]
  refuseSameNames(files)
  const architecture = architectureOf(first.metadata)
  const { tensors, findings } = partsOf(
    source.path,
    files.flatMap((file) => file.tensors),
    architecture,
  )
  return {
    format: 'gguf',
    files: files.map((file) => file.source),
    tensors,
    findings: [...files.flatMap((file) => file.findings), ...findings],
    metadata: declarations(first.metadata, architecture),
  }
}

interface GgufFile {
  source: ByteSource
  metadata: Metadata
  infos: TensorInfo[]
  tensors: StoredTensor[]
  findings: Finding[]
}

function readOne(source: ByteSource, file: number): GgufFile {
  const cursor = headerCursor(source, MAGIC.length)
  checkVersion(source.path, cursor.u32('version'))
  const tensorCount = cursor.u64('number of tensors')
  const metadata = readMetadata(source.path, cursor, cursor.u64('number of metadata entries'))
  const alignment = alignmentOf(source.path, metadata)
  const listed = readTensorInfos(source.path, cursor, tensorCount)
  const dataStart = aligned(cursor.position, alignment)
  const infos = listed.map((info) => ({ ...info, offset: dataStart + info.offset }))
  const places = checkPlaces(source, dataStart, alignment, infos)
  return { source, metadata, infos, tensors: storedTensors(infos, file), findings: [...unreadTypes(infos), ...places] }
}

/** Version 1 counts in 32 bits and was written for a few weeks in 2023. A big-endian file shows its version the wrong way round. */
function checkVersion(path: string, version: number): void {
  if (version === 2 || version === 3) return
  const bigEndian = (version & 0xffff) === 0 && version !== 0
  throw readError(path, 'unsupported', {
    what: bigEndian ? 'byte order of GGUF' : 'version of GGUF',
    value: bigEndian ? 'big-endian' : String(version),
  })
}

function alignmentOf(path: string, metadata: Metadata): number {
  if (!metadata.has('general.alignment')) return DEFAULT_ALIGNMENT
  const alignment = countOf(metadata, 'general.alignment') ?? 0
  const isPower = alignment > 0 && Number.isInteger(Math.log2(alignment))
  if (isPower && alignment <= MAX_ALIGNMENT) return alignment
  throw readError(path, 'malformed', {
    what: 'general.alignment',
    reason: `${metadata.get('general.alignment')} is no power of two up to ${MAX_ALIGNMENT}`,
    offset: 0,
  })
}

const SPLIT_NAME = /-(\d{5})-of-(\d{5})\.gguf$/i

/** `model-00001-of-00003.gguf`: the file that stands for all of its model. */
export function isFirstSplitName(name: string): boolean {
  return SPLIT_NAME.exec(name)?.[1] === '00001'
}

/** The other files of a split model (llama.cpp, gguf-split): each says how many there are and which one it is. */
function readOthers(first: GgufFile, siblings: Siblings): GgufFile[] {
  const { path } = first.source
  const count = countOf(first.metadata, 'split.count') ?? 1
  if (count > MAX_FILES)
    throw readError(path, 'limit', { what: 'files of a split model', value: String(count), limit: String(MAX_FILES) })
  if (count <= 1) return []
  const name = posix.basename(path)
  const number = countOf(first.metadata, 'split.no') ?? 0
  if (number !== 0 || !isFirstSplitName(name))
    throw readError(path, 'unsupported', {
      what: 'a later file of a split GGUF on its own:',
      value: `${number + 1} of ${count}`,
    })
  return Array.from({ length: count - 1 }, (_, index) => {
    const source = siblings.open(name.replace(SPLIT_NAME, `-${five(index + 2)}-of-${five(count)}.gguf`))
    refuseLfsPointer(source)
    if (!looksLikeGguf('', headOf(source)))
      throw readError(source.path, 'malformed', { what: 'file', reason: 'it is no GGUF', offset: 0 })
    return readOne(source, index + 1)
  })
}

function five(number: number): string {
  return String(number).padStart(5, '0')
}

function headOf(source: ByteSource): Uint8Array {
  return headerCursor(source).bytes(MAGIC.length, 'magic')
}

function refuseSameNames(files: readonly GgufFile[]): void {
  const seen = new Set<string>()
  for (const { source, infos } of files)
    for (const { name } of infos) {
      if (seen.has(name))
        throw readError(source.path, 'malformed', {
          what: name,
          reason: 'another file of the model has it too',
          offset: 0,
        })
      seen.add(name)
    }
}

/** Keys under which converters say what a model is and what it was made from. */
const DECLARED =
  /^general\.(name|basename|architecture|finetune|size_label|version|license|(base_model\.\d+\.)?(name|organization|repo_url))$/

function declarations(metadata: Metadata, { name }: Architecture): Record<string, string> {
  const texts = [...metadata.keys()].filter((key) => DECLARED.test(key) && textOf(metadata, key) !== null)
  const declared = Object.fromEntries(texts.map((key) => [key, textOf(metadata, key)!]))
  return name ? { ...declared, 'general.architecture': name } : declared
}
