import { type FileSource, type FileStamp, openFile } from './file-source.ts'
import { recogniseFile } from './formats.ts'
import type { Format, ModelFile } from './model-file.ts'
import { type Hint, readRaw } from './raw.ts'
import { ReadError, readError } from './read-error.ts'
import { type FileSiblings, openSiblings } from './siblings.ts'
import type { Siblings } from './source.ts'

/** A file that is, or ought to be, an artifact's main file. Plain data: it can be sent to a worker. */
export interface Candidate extends FileStamp {
  /** The argument it was found under, as written. */
  root: string
  /** Relative to the root; the base name when the root is the file itself. */
  path: string
  absolutePath: string
  /** Two paths to one file have this in common. */
  realPath: string
  format: Format
  /** Set for files read by a hint. */
  hint: Hint | null
}

/** A tensor directory over files of the file system. */
export interface OpenArtifact extends ModelFile {
  files: FileSource[]
}

/**
 * Opens an artifact and reads its tensor directory. The caller closes `files`; when this throws `ReadError`, everything
 * it had opened is closed.
 */
export function openArtifact(candidate: Candidate): OpenArtifact {
  const main = openFile(candidate.absolutePath, candidate.path)
  const opened: FileSource[] = [main]
  try {
    refuseChanged(candidate, main)
    const siblings = remembering(openSiblings(candidate.absolutePath, candidate.path), opened)
    const model = readArtifact(candidate, main, siblings)
    return { ...model, files: model.files.map((file) => opened.find((source) => source === file)!) }
  } catch (error) {
    for (const source of opened) source.close()
    throw error
  }
}

/** Closes all files of an artifact. */
export function closeArtifact(file: ModelFile): void {
  for (const source of file.files) source.close()
}

/** Whether an artifact's tensor directory can be read. */
export function isReadable(candidate: Candidate): boolean {
  try {
    closeArtifact(openArtifact(candidate))
    return true
  } catch (error) {
    if (error instanceof ReadError) return false
    throw error
  }
}

function readArtifact(candidate: Candidate, main: FileSource, siblings: Siblings): ModelFile {
  const recognition = recogniseFile(main)
  if (recognition.kind === 'lfs-pointer') throw readError(main.path, 'lfs-pointer', { bytes: recognition.bytes })
  if (candidate.hint !== null) return readRaw(main, candidate.hint)
  if (recognition.kind === 'unknown') throw readError(main.path, 'changed', { what: 'format' })
  return recognition.row.read(main, siblings)
}

/** What was found and what is read must be one file, or the answer would be about neither. */
function refuseChanged(candidate: Candidate, main: FileSource): void {
  const isSame = main.stamp.size === candidate.size && main.stamp.mtimeNs === candidate.mtimeNs
  if (!isSame) throw readError(candidate.path, 'changed', { what: 'size or time of change' })
}

function remembering(siblings: FileSiblings, opened: FileSource[]): Siblings {
  return {
    open(name) {
      const source = siblings.open(name)
      opened.push(source)
      return source
    },
  }
}
