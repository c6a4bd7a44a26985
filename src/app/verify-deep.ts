import type { VerifyReport } from '../contract/verify.ts'
import { isNearestScheme } from '../explain/requantise.ts'
import { couldHide, gridResidual, toleranceOf } from '../explain/tolerance.ts'
import {
  type Reproduced,
  reproduceBlocks,
  reproduceIntegers,
  reproduceRounding,
  reproduceRows,
  type StoredInteger,
} from '../explain/verify.ts'
import type { Values } from '../explain/weights.ts'
import { elementWidth, integers } from '../identify/decode.ts'
import type { TensorPrint } from '../identify/print.ts'
import { scaleRuns } from '../identify/scale-runs.ts'
import { storedChunks, transposedTensor, valueStream } from '../identify/value-stream.ts'
import { closeArtifact, type OpenArtifact, openArtifact } from '../read/artifact.ts'
import { type AffineQuantisation, ELEMENT_BITS, type StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { compare } from '../relate/comparison.ts'
import type { Pair } from '../relate/pair.ts'
import { subjectOf } from '../relate/subject.ts'
import type { ModelEnd } from './model-end.ts'

type Deep = NonNullable<VerifyReport['deep']>
type DeepTensor = Deep['tensors'][number]

/** Makes every stored tensor of the child anew from the parent's, as its scheme has it, and compares the two. */
export function verifyAgainst(parent: ModelEnd, child: ModelEnd, onBytes: (bytes: number) => void): Deep {
  const { match } = compare(subjectOf(parent.print), subjectOf(child.print))
  const [from, to] = [openArtifact(parent.candidate!), openArtifact(child.candidate!)]
  try {
    const tensors = match.pairs.map((pair) => deepTensor(pair, sideOf(parent, from), sideOf(child, to), onBytes))
    const unmatched = match.onlyInB.map(({ print }) => print.name)
    return { parent: parent.print.id, name: parent.name, verdict: verdictOf(tensors, unmatched), tensors, unmatched }
  } finally {
    closeArtifact(from)
    closeArtifact(to)
  }
}

/** One tensor that is not the parent's makes another model of it; one that cannot be judged leaves the whole open. */
function verdictOf(tensors: readonly DeepTensor[], unmatched: readonly string[]): Deep['verdict'] {
  const any = (verdict: Deep['verdict']) => tensors.some((tensor) => tensor.verdict === verdict)
  if (any('disputed')) return 'disputed'
  if (any('undecided') || unmatched.length > 0 || tensors.length === 0) return 'undecided'
  return any('inferred') ? 'inferred' : 'verified'
}

interface Side {
  model: OpenArtifact
  index: Map<TensorPrint, number>
}

function sideOf({ print }: ModelEnd, model: OpenArtifact): Side {
  return { model, index: new Map(print.tensors.map((tensor, index) => [tensor, index])) }
}

function deepTensor({ a, b, transposed }: Pair, from: Side, to: Side, onBytes: (bytes: number) => void): DeepTensor {
  const stored = to.model.tensors[to.index.get(b.print)!]!
  const original = from.model.tensors[from.index.get(a.print)!]!
  const named = { parent: a.print.name, child: b.print.name, scheme: b.print.encoding?.scheme ?? b.print.element }
  const count = b.print.invariants.count
  onBytes(4 * count)
  if (a.print.digest === b.print.digest)
    return { ...named, verdict: 'verified', reproduced: whole(count), tolerance: null }
  const standing = transposed ? transposedTensor(original) : original
  if (standing === null) return { ...named, verdict: 'undecided', reproduced: null, tolerance: null }
  const values = () => valueStream(standing, from.model.files)
  const reproduced = reproduce(values(), stored, b.print, to.model.files)
  if (reproduced) return { ...named, verdict: judged(reproduced), reproduced, tolerance: null }
  return { ...named, ...withinTolerance(values, stored, b.print, to.model.files) }
}

function whole(count: number): Reproduced {
  return { unit: 'values', total: count, equal: count, through: null }
}

/**
 * Converters differ in the last bit of a scale or a tie (fused operations, another order of sums): so few blocks may differ. Of
 * strangers, and of a fine-tune of .1 %, next to none are equal.
 */
const MIN_EQUAL_SHARE = 0.999

function judged({ total, equal }: Reproduced): DeepTensor['verdict'] {
  return equal >= MIN_EQUAL_SHARE * total ? 'verified' : 'disputed'
}

/** Null for schemes that do more than round to the nearest step. */
function reproduce(
  parent: Values,
  stored: StoredTensor,
  print: TensorPrint,
  files: readonly ByteSource[],
): Reproduced | null {
  const { quantisation } = stored
  if (quantisation === null)
    return print.exact && print.exact !== 'f64'
      ? reproduceRounding(parent, valueStream(stored, files), print.exact)
      : null
  if (quantisation.kind === 'blocks' && isNearestScheme(quantisation.scheme)) {
    const chunks = storedChunks(stored, files)
    return reproduceBlocks(quantisation.scheme, parent, () => chunks.next().value ?? null)
  }
  if (quantisation.kind === 'affine')
    return reproduceIntegers(parent, integersOf(stored, quantisation, files), rangeOf(stored))
  if (quantisation.kind === 'packed' && quantisation.scheme === 'llm.int8')
    return reproduceRows(parent, valueStream(stored, files), print.columns)
  return null
}

function rangeOf({ element }: StoredTensor): { least: number; most: number } {
  const bits = ELEMENT_BITS[element]
  return element.startsWith('u')
    ? { least: 0, most: 2 ** bits - 1 }
    : { least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 }
}

function integersOf(
  stored: StoredTensor,
  { group, scales, zeroPoints }: AffineQuantisation,
  files: readonly ByteSource[],
): () => StoredInteger | null {
  const chunks = storedChunks(stored, files)
  const runs = scaleRuns(stored.view.shape, group)
  const integer: StoredInteger = { code: 0, scale: 1, zero: 0 }
  let codes: ArrayLike<number | bigint> = []
  let at = 0
  let left = 0
  return () => {
    while (at === codes.length) {
      const { done, value } = chunks.next()
      if (done) return null
      codes = integers(value.subarray(0, value.length - (value.length % elementWidth(stored.element))), stored.element)
      at = 0
    }
    if (left === 0) {
      const { elements, index } = runs.next().value as { elements: number; index: number }
      left = elements
      integer.scale = scales[index] ?? 0
      integer.zero = zeroPoints?.[index] ?? 0
    }
    left--
    integer.code = Number(codes[at++])
    return integer
  }
}

/** For schemes that search for their scales, or push errors on, nothing can be made anew: the distance is judged instead. */
function withinTolerance(
  values: () => Values,
  stored: StoredTensor,
  { encoding, rows, columns, invariants }: TensorPrint,
  files: readonly ByteSource[],
): Pick<DeepTensor, 'verdict' | 'reproduced' | 'tolerance'> {
  const known = encoding && encoding.step > 0 ? toleranceOf(encoding.scheme) : null
  if (!encoding || known === null) return { verdict: 'undecided', reproduced: null, tolerance: null }
  const residual = gridResidual(values(), valueStream(stored, files), { rows, columns }, encoding.step)[known.by]
  const grid = encoding.step / Math.sqrt(12) / Math.sqrt(invariants.sumSquares / Math.max(1, invariants.count))
  const { least, most, missed } = known
  return {
    verdict: residual >= least && residual <= most ? 'inferred' : 'disputed',
    reproduced: null,
    tolerance: {
      residual,
      least,
      most,
      missed: missed.count,
      of: missed.of,
      couldHide: couldHide(residual, known, grid),
    },
  }
}
