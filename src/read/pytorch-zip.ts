import { MAX_FILES, MAX_PICKLE_BYTES } from './limits.ts'
import type { ByteRange, Finding, StoredTensor } from './model-file.ts'
import { numpyArrays } from './numpy-pickle.ts'
import { readPickle } from './pickle.ts'
import { countOf, itemsOf } from './pickle-value.ts'
import { pickleFindings } from './pickle-verdict.ts'
import { pickledModel } from './pickled-model.ts'
import { pytorchTensor, type Storage, type StorageOf } from './pytorch-tensor.ts'
import { storageType } from './pytorch-types.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'
import { memberRange, memberSource, readZip, type ZipDirectory, type ZipMember } from './zip.ts'

/** A checkpoint's tensors as it stores them. */
export interface PytorchTensors {
  /** The checkpoint itself, then its members that are compressed. */
  files: ByteSource[]
  tensors: StoredTensor[]
  findings: Finding[]
}

/** Where one member of the archive ends up among the files. */
type Placed = (member: ZipMember) => ByteRange

/**
 * A zip checkpoint, as torch.save has written it since version 1.6, or a TorchScript archive: pickles of the structure, and one
 * member for each storage. The code of TorchScript is not read.
 */
export function readPytorchZip(source: ByteSource): PytorchTensors {
  const zip = readZip(source)
  const folder = checkpointFolder(zip)
  if (folder === null) throw readError(source.path, 'unsupported', { what: 'PyTorch archive', value: 'no data.pkl' })
  refuseBigEndian(zip, folder)
  const files = [source]
  const place = placing(zip, files)
  const isScript = zip.members.has(`${folder}/constants.pkl`)
  const own = (module: string) => isScript && /^__torch__(\.|$)/.test(module)
  const constants = isScript ? readPart(zip, folder, 'constants', place, own) : { tensors: [], findings: [] }
  const data = readPart(zip, folder, 'data', place, own)
  return {
    files,
    tensors: [...data.tensors, ...constants.tensors.map((tensor) => ({ ...tensor, name: `constants.${tensor.name}` }))],
    findings: [...data.findings, ...constants.findings],
  }
}

/** The one top folder of the archive that holds a checkpoint; null for any other archive. */
export function checkpointFolder({ members }: ZipDirectory): string | null {
  const [first] = members.keys()
  const folder = first?.split('/', 1)[0] ?? ''
  const isCheckpoint =
    members.has(`${folder}/data.pkl`) && (members.has(`${folder}/version`) || members.has(`${folder}/.data/version`))
  return isCheckpoint ? folder : null
}

function refuseBigEndian(zip: ZipDirectory, folder: string): void {
  const member = zip.members.get(`${folder}/byteorder`)
  if (member === undefined) return
  const source = memberSource(zip, member)
  const order = new TextDecoder().decode(readBytes(source, 0, Math.min(source.size, 16), 'byteorder'))
  if (order !== 'little') throw readError(zip.source.path, 'unsupported', { what: 'byte order', value: order })
}

/** Stored members are ranges of the archive; a compressed one becomes a file of its own. */
function placing(zip: ZipDirectory, files: ByteSource[]): Placed {
  const placed = new Map<ZipMember, ByteRange>()
  return (member) => {
    const known = placed.get(member)
    if (known !== undefined) return known
    const range = member.method === 'stored' ? { file: 0, ...memberRange(zip, member) } : unpacked(member)
    placed.set(member, range)
    return range
  }

  function unpacked(member: ZipMember): ByteRange {
    if (files.length >= MAX_FILES)
      throw readError(zip.source.path, 'limit', {
        what: 'compressed members',
        value: String(files.length + 1),
        limit: String(MAX_FILES),
      })
    const file = files.push(memberSource(zip, member)) - 1
    return { file, offset: 0, length: member.bytes }
  }
}

/** `<part>.pkl` with its storages in `<part>/`. */
function readPart(
  zip: ZipDirectory,
  folder: string,
  part: 'data' | 'constants',
  place: Placed,
  own: (module: string) => boolean,
): { tensors: StoredTensor[]; findings: Finding[] } {
  const name = `${part}.pkl`
  const member = zip.members.get(`${folder}/${name}`)!
  if (member.bytes > MAX_PICKLE_BYTES)
    throw readError(zip.source.path, 'limit', {
      what: `bytes of ${name}`,
      value: String(member.bytes),
      limit: String(MAX_PICKLE_BYTES),
    })
  const source = memberSource(zip, member)
  const pickle = readPickle(source)
  const findings = pickleFindings(pickle, name, own)
  if (pickle.fault !== null) return { tensors: [], findings }
  const arrays = numpyArrays(source, () => place(member))
  const storageOf = storages(zip, `${folder}/${part}/`, place)
  const model = pickledModel(zip.source, pickle.value, (value) => pytorchTensor(value, storageOf) ?? arrays(value))
  return { tensors: model.tensors, findings: [...findings, ...model.findings] }
}

/** Persistent ids are ('storage', class, name of the member, device, elements). */
function storages(zip: ZipDirectory, folder: string, place: Placed): StorageOf {
  return (id) => {
    const [kind, storageClass, key, , elements] = itemsOf(id) ?? []
    const type = storageType(storageClass)
    const count = countOf(elements)
    if (kind !== 'storage' || type === null || typeof key !== 'string' || count === null) return null
    const member = zip.members.get(`${folder}${key}`)
    if (member === undefined)
      throw malformed(zip, `${folder}${key}`, 'the pickle names it, the archive has no such member')
    if (count * type.width > member.bytes)
      throw malformed(zip, member.name, `${member.bytes} bytes for ${count} elements of ${type.name}`)
    const range = place(member)
    return { type, range: { ...range, length: count * type.width } } satisfies Storage
  }
}

function malformed(zip: ZipDirectory, what: string, reason: string) {
  return readError(zip.source.path, 'malformed', { what, reason, offset: 0 })
}
