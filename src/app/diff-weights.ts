import { couldBePermuted, type Permutation, permutationBetween } from '../explain/permutation.ts'
import { differenceOf, type Values, type WeightDifference } from '../explain/weights.ts'
import type { Print, TensorPrint } from '../identify/print.ts'
import { transposedTensor, valueStream } from '../identify/value-stream.ts'
import { closeArtifact, type OpenArtifact, openArtifact } from '../read/artifact.ts'
import type { StoredTensor } from '../read/model-file.ts'
import type { ModelEnd } from './model-end.ts'

/** The weights of two models side by side, read when asked for; a piece of each in memory at a time. */
export interface WeightPairs {
  /** Null where one of them cannot be read in the other's order. */
  difference(parent: TensorPrint, child: TensorPrint, transposed: boolean): WeightDifference | null
  /** Tensors of one shape that agree in another order of rows or columns; null for all others. */
  permutation(parent: TensorPrint, child: TensorPrint): Permutation | null
}

interface Side {
  print: Print
  model: OpenArtifact
  index: Map<TensorPrint, number>
}

/** Opens both models for `work`, and closes them whatever comes. */
export async function withWeights<T>(
  parent: ModelEnd,
  child: ModelEnd,
  onBytes: (bytes: number) => void,
  work: (pairs: WeightPairs | null) => Promise<T>,
): Promise<T> {
  if (parent.candidate === null || child.candidate === null) return work(null)
  const first = openArtifact(parent.candidate)
  try {
    const second = openArtifact(child.candidate)
    try {
      return await work(pairsOf(sideOf(parent.print, first), sideOf(child.print, second), onBytes))
    } finally {
      closeArtifact(second)
    }
  } finally {
    closeArtifact(first)
  }
}

function sideOf(print: Print, model: OpenArtifact): Side {
  return { print, model, index: new Map(print.tensors.map((tensor, index) => [tensor, index])) }
}

function storedTensor({ model, index }: Side, print: TensorPrint): StoredTensor {
  return model.tensors[index.get(print)!]!
}

function pairsOf(parent: Side, child: Side, onBytes: (bytes: number) => void): WeightPairs {
  const stream = (side: Side, tensor: StoredTensor) => told(valueStream(tensor, side.model.files), onBytes)
  return {
    difference(a, b, transposed) {
      const [mine, theirs] = [storedTensor(parent, a), storedTensor(child, b)]
      const childRows = transposed ? b.columns : b.rows
      const isPrefix = a.rows !== childRows
      const areFinite = a.invariants.nonFinite + b.invariants.nonFinite === 0
      const known = {
        rows: Math.min(a.rows, childRows),
        columns: a.columns,
        squares: isPrefix || !areFinite ? null : squaresOf(a, b),
        withSketch: !isPrefix,
      }
      if (!transposed) return differenceOf(stream(parent, mine), stream(child, theirs), known)
      const turned = transposedTensor(theirs)
      if (turned) return differenceOf(stream(parent, mine), stream(child, turned), known)
      const other = transposedTensor(mine)
      if (other === null || isPrefix) return null
      return differenceOf(stream(parent, other), stream(child, theirs), { ...known, rows: b.rows, columns: b.columns })
    },
    permutation(a, b) {
      if (a.rows !== b.rows || a.columns !== b.columns || !couldBePermuted(a.invariants, b.invariants)) return null
      const [mine, theirs] = [storedTensor(parent, a), storedTensor(child, b)]
      return permutationBetween(
        () => stream(parent, mine),
        () => stream(child, theirs),
        a,
      )
    },
  }
}

function squaresOf(a: TensorPrint, b: TensorPrint): [number, number] {
  return [a.invariants.sumSquares, b.invariants.sumSquares]
}

/** Progress counts values as four bytes each, whatever they are stored as. */
function told(values: Values, onBytes: (bytes: number) => void): Values {
  return () => {
    const chunk = values()
    if (chunk) onBytes(chunk.length * 4)
    return chunk
  }
}
