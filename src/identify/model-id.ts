import { Blake3Hasher } from '@napi-rs/blake-hash'
import type { TensorPrint } from './print.ts'

/** What an identity is made of. */
export type IdentityTensor = Pick<TensorPrint, 'role' | 'digest' | 'standing'>

/**
 * Output heads that architectures tie to the token embedding. One exporter stores the shared tensor once, another
 * twice; both files hold the same model. A head counts as tied only when its digest equals an embedding's.
 */
const OUTPUT_HEADS: readonly { role: string; why: string }[] = [
  { role: 'lm_head', why: 'Hugging Face decoders and T5' },
  { role: 'output', why: 'GGUF and the original Llama checkpoints; only as the whole role, many layers end so' },
  { role: 'embed_out', why: 'GPT-NeoX and Pythia' },
  { role: 'cls.predictions.decoder', why: 'BERT' },
  { role: 'lm_head.decoder', why: 'RoBERTa' },
  { role: 'generator_lm_head', why: 'ELECTRA' },
  { role: 'vocab_projector', why: 'DistilBERT' },
  { role: 'proj_out', why: 'Whisper' },
]

const TOKEN_EMBEDDINGS: readonly { role: string; why: string }[] = [
  { role: 'embed_tokens', why: 'Llama, Mistral, Qwen, Gemma, OPT, BART, Whisper' },
  { role: 'token_embd', why: 'GGUF' },
  { role: 'tok_embeddings', why: 'the original Llama checkpoints' },
  { role: 'wte', why: 'GPT-2 and its kin' },
  { role: 'word_embeddings', why: 'BERT, RoBERTa, DistilBERT, BLOOM, Falcon' },
  { role: 'embed_in', why: 'GPT-NeoX and Pythia' },
  { role: 'shared', why: 'T5 and BART' },
]

/**
 * The tensors a model's identity stands on: its weights, without an output head equal to the token embedding.
 * Keeps their order.
 */
export function identityTensors<T extends IdentityTensor>(tensors: readonly T[]): T[] {
  const weights = tensors.filter((tensor) => tensor.standing === 'weight')
  const embeddings = new Set(weights.filter((tensor) => isTokenEmbedding(tensor.role)).map((tensor) => tensor.digest))
  return weights.filter((tensor) => !(isOutputHead(tensor.role) && embeddings.has(tensor.digest)))
}

/**
 * `blake3:` + BLAKE3-256 of the identity tensors' digests: 32 raw bytes each, ascending, equal ones repeated, nothing
 * between them (docs/print.md). Independent of names, order, shards and container.
 */
export function modelId(tensors: readonly IdentityTensor[]): string {
  const digests = identityTensors(tensors).map((tensor) => tensor.digest)
  // Lower-case hexadecimal sorts as its bytes do.
  return blake3(Buffer.from(digests.sort().join(''), 'hex'))
}

/**
 * `blake3:` + BLAKE3-256 of one line an identity tensor: role in UTF-8, tab, digest in lower-case hexadecimal, newline;
 * the lines ascending by their bytes (docs/print.md). In a role, backslash, tab and newline are written `\\`, `\t`, `\n`,
 * so that a forged role cannot pass for another line.
 */
export function layoutId(tensors: readonly IdentityTensor[]): string {
  const lines = identityTensors(tensors).map((tensor) => Buffer.from(`${escaped(tensor.role)}\t${tensor.digest}\n`))
  return blake3(Buffer.concat(lines.sort(Buffer.compare)))
}

function blake3(bytes: Buffer): string {
  return `blake3:${new Blake3Hasher().update(bytes).digest('hex')}`
}

function escaped(role: string): string {
  return role.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}

function isTokenEmbedding(role: string): boolean {
  return TOKEN_EMBEDDINGS.some((known) => endsWithRole(plainRole(role), known.role))
}

function isOutputHead(role: string): boolean {
  const plain = plainRole(role)
  return OUTPUT_HEADS.some((head) => (head.role === 'output' ? plain === 'output' : endsWithRole(plain, head.role)))
}

/** Separators differ by framework, Keras appends `:0`, and the ending `weight` or `kernel` says nothing here. */
function plainRole(role: string): string {
  return role
    .replaceAll('/', '.')
    .replace(/:0$/, '')
    .replace(/\.(weight|kernel)$/, '')
}

function endsWithRole(role: string, ending: string): boolean {
  return role === ending || role.endsWith(`.${ending}`)
}
