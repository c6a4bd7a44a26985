import { mutated, seeded } from './mutate.ts'

export interface Target {
  name: string
  run(bytes: Uint8Array): void
  /** Valid inputs, and inputs that once were findings. */
  corpus: readonly Uint8Array[]
}

export interface FuzzFinding {
  target: string
  /** One line. */
  what: string
  bytes: Uint8Array
}

export interface Options {
  seed: number
  milliseconds: number
  /** Told each input before it is tried, so that one that never ends or takes the process with it is known. */
  onInput(bytes: Uint8Array): void
  onFinding(finding: FuzzFinding): void
}

export interface Summary {
  target: string
  inputs: number
  slowestMs: number
}

/** Nobody waits longer for one file's tensor directory; real ones of these sizes take some milliseconds. */
const MAX_MS = 2_000

/** What a hostile file may cost, as the readers' limits promise. */
const MAX_GROWTH_BYTES = 256 * 1024 * 1024

/** More of one target than this tell nothing new. */
const MAX_FINDINGS = 5

/** Changed inputs that are kept to be changed further. */
const MAX_KEPT = 64

/** Tries the corpus, then changes of it until the time is over. */
export function fuzz(target: Target, options: Options): Summary {
  const random = seeded(options.seed)
  const summary: Summary = { target: target.name, inputs: 0, slowestMs: 0 }
  const told = new Set<string>()
  const pool = [...target.corpus]
  const end = performance.now() + options.milliseconds
  const next = inputs(target.corpus, pool, random)
  while (performance.now() < end && told.size < MAX_FINDINGS) {
    const bytes = next()
    options.onInput(bytes)
    const { what, milliseconds } = attempt(target, bytes)
    summary.inputs++
    summary.slowestMs = Math.max(summary.slowestMs, milliseconds)
    if (what === null && random() < 0.01) pool[target.corpus.length + Math.floor(random() * MAX_KEPT)] = bytes
    if (what === null || told.has(what)) continue
    told.add(what)
    options.onFinding({ target: target.name, what, bytes })
  }
  return summary
}

function inputs(corpus: readonly Uint8Array[], pool: Uint8Array[], random: () => number): () => Uint8Array {
  let at = 0
  return () => corpus[at++]?.slice() ?? mutated(pool.filter(Boolean), random)
}

/** Runs one input; `what` is null where the invariant held. */
export function attempt(target: Target, bytes: Uint8Array): { what: string | null; milliseconds: number } {
  const before = memory()
  const started = performance.now()
  const thrown = thrownBy(() => target.run(bytes))
  const milliseconds = performance.now() - started
  const growth = memory() - before
  if (thrown !== null) return { what: thrown, milliseconds }
  if (milliseconds > MAX_MS) return { what: 'took more than 2 s', milliseconds }
  if (growth > MAX_GROWTH_BYTES) return { what: 'took more than 256 MiB', milliseconds }
  return { what: null, milliseconds }
}

function thrownBy(run: () => void): string | null {
  try {
    run()
    return null
  } catch (error) {
    if (!(error instanceof Error)) return `threw ${String(error)}`
    const place = /\((?:.*\/)?([^/]+:\d+):\d+\)|at (?:.*\/)?([^/]+:\d+):\d+/.exec(error.stack ?? '')
    return `${error.name}: ${error.message.slice(0, 200)} (${place?.[1] ?? place?.[2] ?? 'unknown place'})`
  }
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
