import { checkpointModel } from './checkpoint.ts'
import type { Finding, ModelFile, StoredTensor } from './model-file.ts'
import { numpyArrays } from './numpy-pickle.ts'
import { readPickle } from './pickle.ts'
import { pickleFindings } from './pickle-verdict.ts'
import { pickledModel } from './pickled-model.ts'
import { pytorchTensor } from './pytorch-tensor.ts'
import { type ByteSource, readBytes, type Siblings } from './source.ts'

/** Names under which pickles are loaded; other files may begin with the same bytes by chance. */
const PICKLE_NAME = /\.(pkl|pickle|joblib|pt|pth|bin|ckpt)$/i

/** Names of nothing but pickles: also those of protocols 0 and 1, which have no mark, are looked at. */
const SURE_NAME = /\.(pkl|pickle|joblib)$/i

/** What a pickle of protocol 0 or 1 can begin with: MARK, a container, a string, an import, a number, None. */
const FIRST_OPCODES = '(])}cNSVUXTIJKMLFG'

/** More than one pickle can stand in a file, for a program that loads one after the other. */
const MAX_PICKLES = 64

/** By name and content: the mark of protocols 2 to 5. */
export function looksLikePickle(name: string, head: Uint8Array): boolean {
  if (head.length < 2 || !PICKLE_NAME.test(name)) return false
  if (isMarked(head)) return true
  return SURE_NAME.test(name) && FIRST_OPCODES.includes(String.fromCharCode(head[0]!))
}

function isMarked(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5
}

/**
 * Pickles that are no PyTorch checkpoint: NumPy arrays in them are tensors, and what they import are findings. A file without
 * arrays has no tensors, and is then told of only for its findings.
 */
export function readPlainPickle(source: ByteSource, siblings: Siblings): ModelFile {
  const tensors: StoredTensor[] = []
  const findings: Finding[] = []
  const arrays = numpyArrays(source, () => ({ file: 0, offset: 0 }))
  for (let at = 0, index = 0; index < MAX_PICKLES && at < source.size; index++) {
    if (index > 0 && !isMarked(readBytes(source, at, Math.min(2, source.size - at), 'pickle'))) break
    const pickle = readPickle(source, at)
    findings.push(...pickleFindings(pickle, index === 0 ? 'the pickle' : `pickle ${index + 1}`))
    if (pickle.fault !== null) break
    const model = pickledModel(source, pickle.value, (value) => pytorchTensor(value, () => null) ?? arrays(value))
    tensors.push(...model.tensors)
    findings.push(...model.findings)
    at = pickle.end
  }
  return checkpointModel({ format: 'pickle', files: [source], tensors, findings }, siblings)
}
