import { type GgufTensor, joined, text, u32 } from './gguf.ts'

export interface GgmlParts {
  magic?: string
  /** n_vocab, n_audio_ctx, n_audio_state, n_audio_head, n_audio_layer, n_text_ctx, n_text_state, n_text_head, n_text_layer, n_mels, ftype */
  numbers?: number[]
  filters?: [rows: number, columns: number]
  tokens?: string[]
  tensors?: GgufTensor[]
}

const NUMBERS = [300, 10, 8, 2, 1, 10, 8, 2, 1, 4, 1]

/** A Whisper model as whisper.cpp keeps it, with next to nothing in it. */
export function ggmlFile(parts: GgmlParts): Uint8Array<ArrayBuffer> {
  const { magic = 'lmgg', numbers = NUMBERS, filters = [4, 5], tokens = ['a', 'bc'], tensors = [] } = parts
  return joined([
    text(magic),
    ...numbers.map(u32),
    ...filters.map(u32),
    new Uint8Array(4 * filters[0] * filters[1]),
    u32(tokens.length),
    ...tokens.flatMap((token) => [u32(text(token).length), text(token)]),
    ...tensors.flatMap(({ name, shape, type, data }) => [
      u32(shape.length),
      u32(text(name).length),
      u32(type),
      ...shape.toReversed().map(u32),
      text(name),
      data,
    ]),
  ])
}
