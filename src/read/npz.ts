import { MAX_FILES, MAX_TENSORS } from './limits.ts'
import type { Finding, ModelFile, StoredTensor } from './model-file.ts'
import { readArray } from './npy.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'
import { memberRange, memberSource, readZip, type ZipDirectory } from './zip.ts'

/** Whether an archive holds arrays and nothing else, as numpy.savez writes it. */
export function isNpz({ members }: ZipDirectory): boolean {
  return members.size > 0 && [...members.keys()].every((name) => name.endsWith('.npy'))
}

/** A zip archive of .npy files: stored ones are ranges of the archive, compressed ones files of their own. */
export function readNpz(source: ByteSource): ModelFile {
  const zip = readZip(source)
  const files = [source]
  const tensors: StoredTensor[] = []
  const findings: Finding[] = []
  for (const member of zip.members.values()) {
    if (!member.name.endsWith('.npy')) continue
    const isStored = member.method === 'stored'
    const array = memberSource(zip, member)
    const at = isStored ? { file: 0, ...memberRange(zip, member) } : { file: files.push(array) - 1, offset: 0 }
    refuseBeyond(source, 'compressed members', files.length, MAX_FILES)
    const name = member.name.slice(0, -'.npy'.length)
    const { tensor, findings: found, unread } = readArray(array, name, at)
    if (tensor !== null) tensors.push(tensor)
    else if (found.length === 0)
      findings.push({ code: 'unread-tensor', severity: 'low', message: `${name}: of type ${unread}; not read` })
    findings.push(...found)
    refuseBeyond(source, 'tensors', tensors.length + findings.length, MAX_TENSORS)
  }
  return { format: 'numpy', files, tensors, findings }
}

function refuseBeyond(source: ByteSource, what: string, value: number, limit: number): void {
  if (value > limit) throw readError(source.path, 'limit', { what, value: String(value), limit: String(limit) })
}
