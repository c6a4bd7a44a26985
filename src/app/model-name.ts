import { basename, dirname } from 'node:path'
import { INSIDE } from '../read/member-name.ts'
import { originOf } from './origin.ts'

/** Names that every second repository gives its weights; the folder's says more. */
const PLAIN_NAMES =
  /^(model|models|model\.min|weights|pytorch_model|model\.safetensors\.index|tf_model|index|offset-\d+)$/i

/** Folders that only say what kind of file lies there. */
const PLAIN_FOLDERS = /^(model|models|weights|package|dist|src|onnx|tfjs|\.|)$/i

/** Folders as short as `x2` are told apart only with the one above. */
const SHORT_NAME = 3

const MODEL_ENDING = /(-\d{5}-of-\d{5})?\.(safetensors|onnx|tflite|gguf|json|bin|js|mjs|cjs|yukueprint)$/i
const ARCHIVE_ENDING = /\.(tar\.gz|tgz|tar|zip|whl|jar|task|data|binarypb)$/i

/**
 * A name for people from where an artifact lies: what its store calls it, its file's name, or that of the first folder or
 * archive above that is telling.
 */
export function nameFromPath(path: string): string {
  const stem = basename(path).replace(MODEL_ENDING, '')
  const origin = originOf(path)
  if (origin !== null)
    return origin.store === 'ollama' || PLAIN_NAMES.test(stem) ? origin.name : `${origin.name}/${stem}`
  const folders = dirname(path).replaceAll(INSIDE, '/').replace(/!$/, '')
  return PLAIN_NAMES.test(stem) ? (folderName(folders) ?? stem) : stem
}

/** Null where no folder tells more than what kind of file lies there. */
function folderName(path: string): string | null {
  const folder = tellingFolder(path)
  const name = basename(folder).replace(ARCHIVE_ENDING, '')
  if (PLAIN_FOLDERS.test(name)) return null
  const above = name.length <= SHORT_NAME ? basename(tellingFolder(dirname(folder))).replace(ARCHIVE_ENDING, '') : ''
  return PLAIN_FOLDERS.test(above) ? name : `${above} ${name}`
}

function tellingFolder(folder: string): string {
  const above = dirname(folder)
  return PLAIN_FOLDERS.test(basename(folder)) && above !== folder ? tellingFolder(above) : folder
}
