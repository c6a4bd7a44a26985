import { createHash } from 'node:crypto'
import { CommandError } from '../contract/command-error.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { Answers, ModelInput, Usage } from '../infer/answers.ts'
import { askEndpoint } from '../infer/endpoint.ts'
import { runOnnx } from '../infer/onnx.ts'
import { flipFigures } from '../observe/flips.ts'
import { pairAnswers } from '../observe/paired-answers.ts'
import { type Paired, pairLogs } from '../observe/paired-log.ts'
import { ask, column, text } from '../observe/sql.ts'
import { openLog, openLogPair } from '../store/decision-source.ts'
import type { HashedFile } from '../store/hashed-file.ts'
import { modelBytes } from '../store/model-bytes.ts'
import { repliesIn } from '../store/replies.ts'

interface Columns {
  key: string
  truth: string | null
  groups: readonly string[]
}

export interface PredictionOptions extends Columns {
  predictions: readonly [string, string]
  prediction: string
}

export interface ModelOptions extends Columns {
  models: readonly [string, string]
  inputs: string
  labels: readonly string[]
  /** Of endpoints. */
  names: readonly string[]
  prompt: string | null
  apiKey: string | null
  concurrency: number
  /** Of a million tokens asked, and answered. */
  price: readonly [number, number] | null
  /** Where endpoints' replies are kept. */
  resume: string
}

export interface CompareProgress {
  onAnswers(name: string, done: number, total: number): void
}

/** How the child's predictions differ from the parent's, from two files of them. */
export async function comparePredictions(options: PredictionOptions): Promise<CompareReport> {
  const [parent, child] = await openLogPair(...options.predictions)
  try {
    const paired = await pairLogs(parent.log, child.log, options)
    return reportOf(options.predictions, [...parent.files, ...child.files], paired, options.groups, null)
  } finally {
    await parent.log.engine.close()
  }
}

/** How the child's answers differ from the parent's, both asked the same inputs: local ONNX models or endpoints. */
export async function compareModels(options: ModelOptions, progress: CompareProgress): Promise<CompareReport> {
  const { inputs, truths, groups, files } = await readInputs(options)
  const models: HashedFile[] = []
  const usage: Usage = { requests: 0, promptTokens: 0, answerTokens: 0 }
  const answers: Answers[] = []
  for (const [index, model] of options.models.entries()) {
    const onAnswer = (done: number) => progress.onAnswers(model, done, inputs.length)
    if (isEndpoint(model)) {
      const name = options.names[index] ?? options.names[0] ?? null
      const asked = await askModel(model, name, options, inputs, onAnswer)
      answers.push(asked.answers)
      usage.requests += asked.usage.requests
      usage.promptTokens += asked.usage.promptTokens
      usage.answerTokens += asked.usage.answerTokens
    } else {
      const { bytes, file } = await modelBytes(model)
      models.push(file)
      const features = Object.keys(inputs[0]!.values).filter(
        (name) => ![options.key, options.truth, ...options.groups].includes(name),
      )
      answers.push(await runOnnx({ path: model, bytes, features, labels: options.labels }, inputs))
      onAnswer(inputs.length)
    }
  }
  const paired = pairAnswers(answers[0]!, answers[1]!, truths, groups)
  const cost = options.models.some(isEndpoint) ? { ...usage, price: priceOf(usage, options.price) } : null
  return reportOf(options.models, [...files, ...models], paired, options.groups, cost)
}

export function isEndpoint(model: string): boolean {
  return /^https?:\/\//.test(model)
}

function askModel(
  url: string,
  model: string | null,
  { prompt, labels, apiKey, concurrency, resume }: ModelOptions,
  inputs: readonly ModelInput[],
  onAnswer: (done: number) => void,
) {
  if (prompt === null) throw new CommandError({ code: 'option-needed', option: '--prompt', because: url })
  const store = repliesIn(resume, `${url} ${model ?? ''}`)
  return askEndpoint({ url, model, prompt, labels, key: apiKey, concurrency }, inputs, store, onAnswer)
}

/** The inputs themselves must be rows here: they are what the models are shown. */
async function readInputs({ inputs: path, key, truth, groups }: ModelOptions) {
  const { log, files } = await openLog(path, null)
  try {
    for (const name of [key, ...groups, ...(truth === null ? [] : [truth])]) column(log, name)
    const names = log.columns.map(({ name }) => name)
    const rows = await ask(
      log,
      `SELECT ${names.map((name, index) => `${text(log, name)} AS c${index}`).join(', ')} FROM ${log.relation}`,
    )
    if (rows.length === 0) throw new CommandError({ code: 'empty-log', path })
    const inputs: ModelInput[] = []
    const seen = new Set<string>()
    const truths = new Map<string, string | null>()
    const groupsOf = new Map<string, (string | null)[]>()
    rows.forEach((row, index) => {
      const values = Object.fromEntries(names.map((name, at) => [name, String(row[`c${at}`] ?? '')]))
      const own = values[key]!
      if (seen.has(own))
        throw new CommandError({ code: 'duplicate-key', path, row: index + 1, column: key, value: own })
      seen.add(own)
      inputs.push({ key: own, values })
      truths.set(own, truth === null ? null : values[truth] || null)
      groupsOf.set(
        own,
        groups.map((name) => values[name] || null),
      )
    })
    return { inputs, truths, groups: groupsOf, files }
  } finally {
    await log.engine.close()
  }
}

function priceOf({ promptTokens, answerTokens }: Usage, price: ModelOptions['price']): number | null {
  return price === null ? null : (promptTokens * price[0] + answerTokens * price[1]) / 1e6
}

function reportOf(
  [parent, child]: readonly [string, string],
  files: HashedFile[],
  { cells, flipped, leftOut }: Paired,
  groups: readonly string[],
  cost: CompareReport['cost'],
): CompareReport {
  const list = files.map(({ sha256 }) => `${sha256}\n`).join('')
  return {
    schema: 'yukue.compare/1',
    parent,
    child,
    input: { digest: `sha256:${createHash('sha256').update(list).digest('hex')}`, files },
    ...flipFigures(cells, groups),
    flipped,
    leftOut,
    cost,
  }
}
