import type { FileSource, FileStamp } from './file-source.ts'
import { recogniseFile } from './formats.ts'
import type { Format, ModelFile } from './model-file.ts'
import { ollamaStore } from './ollama.ts'
import { openPlace, siblingsAt } from './place.ts'
import { type Hint, readRaw } from './raw.ts'
import { ReadError, readError } from './read-error.ts'
import { type FileSiblings, openStore } from './siblings.ts'
import type { ByteSource, Siblings } from './source.ts'

/**
 * A file that is, or ought to be, an artifact's main file. Plain data: it can be sent to a worker. Inside an archive
 * (`archive.zip!/inner`) the stamp is the archive's.
 */
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

/** A file that can be listed and hashed, or bytes made from one (unpacked, decoded), which are no file of their own. */
export type ArtifactFile = FileSource | (ByteSource & { virtual: true })

/** A tensor directory over files of the file system, or of archives there. */
export interface OpenArtifact extends ModelFile {
  files: ArtifactFile[]
}

/** The files of an artifact that are files, with their numbers. */
export function realFiles({ files }: OpenArtifact): { file: FileSource; index: number }[] {
  return files.flatMap((file, index) => ('absolutePath' in file ? [{ file, index }] : []))
}

/**
 * Opens an artifact and reads its tensor directory. The caller closes `files`; when this throws `ReadError`, everything
 * it had opened is closed.
 */
export function openArtifact(candidate: Candidate): OpenArtifact {
  const main = openPlace(candidate)
  const opened: FileSource[] = [main]
  try {
    refuseChanged(candidate, main)
    const siblings = remembering(siblingsOf(candidate), opened)
    const model = readArtifact(candidate, main, siblings)
    return { ...model, files: model.files.map((file) => asOpened(file, opened)) }
  } catch (error) {
    for (const source of opened) source.close()
    throw error
  }
}

function asOpened(file: ByteSource, opened: readonly FileSource[]): ArtifactFile {
  const { virtual } = file
  if (virtual) return Object.assign(file, { virtual })
  return opened.find((source) => source === file)!
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

/** A manifest names blobs of its store, everything else files beside it. */
function siblingsOf({ absolutePath, path }: Candidate): FileSiblings {
  const store = ollamaStore(absolutePath)
  return store === null ? siblingsAt({ absolutePath, path }) : openStore(store, path)
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
