import { CommandError } from '../contract/command-error.ts'
import type { Answers, ModelInput } from './answers.ts'

type Runtime = typeof import('onnxruntime-web')
type Session = Awaited<ReturnType<Runtime['InferenceSession']['create']>>

/** Inputs run at once; memory stays small, and the overhead of a call is spread over them. */
const BATCH = 256

export interface OnnxOptions {
  path: string
  bytes: Uint8Array
  /** Columns that make up the one matrix the model takes, in its order. */
  features: readonly string[]
  /** Names of the classes of a model that gives scores; their numbers otherwise. */
  labels: readonly string[]
}

/**
 * Answers of an ONNX model, run by onnxruntime's wasm: it has no install script, no native code, and reaches no file.
 *
 * @throws CommandError when the runtime is not installed, or the model takes something else than a matrix or named columns
 */
export async function runOnnx(options: OnnxOptions, inputs: readonly ModelInput[]): Promise<Answers> {
  const runtime = await loadRuntime()
  try {
    const session = await runtime.InferenceSession.create(options.bytes, { logSeverityLevel: 4 })
    const answers = new Map<string, string>()
    for (let start = 0; start < inputs.length; start += BATCH) {
      const batch = inputs.slice(start, start + BATCH)
      const output = await session.run(feeds(runtime, session, batch, options))
      const labels = labelsOf(output[session.outputNames[0]!]!, batch.length, options.labels)
      batch.forEach(({ key }, index) => {
        answers.set(key, labels[index]!)
      })
    }
    await session.release()
    return answers
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw notRunnable(options.path, error instanceof Error ? error.message : String(error))
  }
}

async function loadRuntime(): Promise<Runtime> {
  try {
    const runtime = await import('onnxruntime-web')
    // one thread: more would need workers that outlive the command
    runtime.env.wasm.numThreads = 1
    runtime.env.logLevel = 'fatal'
    return runtime
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw new CommandError({ code: 'engine-missing', name: 'onnxruntime-web', reason })
  }
}

/** One matrix of all features, or one column for each named input. */
function feeds(runtime: Runtime, session: Session, batch: readonly ModelInput[], { path, features }: OnnxOptions) {
  const names = session.inputNames
  // a model of one matrix takes all features, whatever its input is called
  const isNamed = names.length > 1 && names.every((name) => batch[0]!.values[name] !== undefined)
  if (!isNamed && names.length > 1)
    throw notRunnable(path, `it takes the inputs ${names.join(', ')}, and the file has no such columns`)
  const columns = isNamed ? names.map((name) => [name]) : [features]
  return Object.fromEntries(
    names.map((name, index) => {
      const own = columns[index]!
      const numbers = batch.flatMap(({ key, values }) =>
        own.map((column) => numberIn(values[column], column, key, path)),
      )
      return [name, tensorFor(runtime, session, index, numbers, [batch.length, own.length])]
    }),
  )
}

function tensorFor(runtime: Runtime, session: Session, index: number, numbers: number[], shape: number[]) {
  const metadata = session.inputMetadata[index]
  const type = metadata?.isTensor ? metadata.type : 'float32'
  if (type === 'int64')
    return new runtime.Tensor(
      'int64',
      BigInt64Array.from(numbers, (value) => BigInt(Math.trunc(value))),
      shape,
    )
  if (type === 'float64') return new runtime.Tensor('float64', Float64Array.from(numbers), shape)
  if (type === 'int32') return new runtime.Tensor('int32', Int32Array.from(numbers), shape)
  return new runtime.Tensor('float32', Float32Array.from(numbers), shape)
}

function numberIn(text: string | undefined, column: string, key: string, path: string): number {
  const value = Number(text)
  if (text === undefined || text.trim() === '' || !Number.isFinite(value))
    throw notRunnable(path, `input ${key} has no number in ${column}`)
  return value
}

/** The output as labels: themselves, the class of the highest score, or a single score against ½. */
function labelsOf(
  output: { type: string; data: unknown; dims: readonly number[] },
  count: number,
  names: readonly string[],
): string[] {
  const values = Array.from(output.data as ArrayLike<number | bigint | string>)
  const width = values.length / count
  const nameOf = (index: number) => names[index] ?? String(index)
  if (
    output.type === 'string' ||
    output.type.startsWith('int') ||
    output.type.startsWith('uint') ||
    output.type === 'bool'
  )
    return Array.from({ length: count }, (_, row) => {
      const value = values[row * width]!
      return output.type === 'string' ? String(value) : nameOf(Number(value))
    })
  return Array.from({ length: count }, (_, row) => {
    const scores = values.slice(row * width, (row + 1) * width).map(Number)
    if (width === 1) return nameOf(scores[0]! >= 0.5 ? 1 : 0)
    return nameOf(scores.reduce((best, score, index) => (score > scores[best]! ? index : best), 0))
  })
}

function notRunnable(path: string, reason: string): CommandError {
  return new CommandError({ code: 'model-not-runnable', path, reason: reason.split('\n')[0]!.replace(/\.$/, '') })
}
