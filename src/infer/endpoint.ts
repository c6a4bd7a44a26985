import { setTimeout as wait } from 'node:timers/promises'
import { CommandError } from '../contract/command-error.ts'
import type { Answers, ModelInput, Usage } from './answers.ts'

export interface EndpointOptions {
  /** Up to and with the version: http://host:8000/v1. */
  url: string
  /** Of the endpoint; null for the only one it has. */
  model: string | null
  /** With {column} for values of the input. */
  prompt: string
  labels: readonly string[]
  key: string | null
  concurrency: number
}

/** An answer as it came, so that the same question is never paid for twice. */
export interface Reply {
  key: string
  text: string
  promptTokens: number
  answerTokens: number
}

/** Where replies are kept between runs. */
export interface ReplyStore {
  get(key: string, question: string): Reply | null
  put(reply: Reply, question: string): void
}

/** A server that is restarting is back within these; one that is gone is told as such after half a minute. */
const TRIES = 5
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 20_000
const TIMEOUT_MS = 60_000

/** A label and a full stop; room for models that think aloud is not wanted where labels are compared. */
const ANSWER_TOKENS = 64

/**
 * Answers of an OpenAI-compatible chat endpoint at temperature 0, a bounded number of requests at a time. What is refused for now
 * (429, 5xx, no connection) is asked again with growing pauses; what was answered is kept.
 */
export async function askEndpoint(
  options: EndpointOptions,
  inputs: readonly ModelInput[],
  store: ReplyStore,
  onAnswer: (done: number) => void,
): Promise<{ answers: Answers; usage: Usage }> {
  const answers = new Map<string, string>()
  const usage: Usage = { requests: 0, promptTokens: 0, answerTokens: 0 }
  const queue = inputs.values()
  const stop = new AbortController()
  const worker = async () => {
    for (const input of queue) {
      if (stop.signal.aborted) return
      const question = filled(options.prompt, input)
      const kept = store.get(input.key, question)
      const reply = kept ?? (await replyTo(options, input.key, question, usage, stop.signal))
      if (!kept) store.put(reply, question)
      usage.promptTokens += reply.promptTokens
      usage.answerTokens += reply.answerTokens
      answers.set(input.key, labelIn(reply.text, options.labels))
      onAnswer(answers.size)
    }
  }
  try {
    await Promise.all(Array.from({ length: options.concurrency }, worker))
  } catch (error) {
    stop.abort()
    throw error
  }
  return { answers, usage }
}

function filled(prompt: string, { values }: ModelInput): string {
  return prompt.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => values[name] ?? whole)
}

async function replyTo(
  options: EndpointOptions,
  key: string,
  question: string,
  usage: Usage,
  signal: AbortSignal,
): Promise<Reply> {
  let reason = ''
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await wait(pauseBefore(attempt, reason), undefined, { signal })
    usage.requests++
    const answer = await request(options, question, signal)
    if ('text' in answer) return { key, ...answer }
    reason = answer.reason
    if (!answer.again) break
  }
  throw new CommandError({
    code: 'endpoint-failed',
    url: options.url,
    item: key,
    reason: reason.replace(/^after:\d+ /, ''),
  })
}

/** What the server asks for, or twice as long as before. */
function pauseBefore(attempt: number, reason: string): number {
  const asked = /^after:(\d+) /.exec(reason)
  return Math.min(LONGEST_WAIT_MS, asked ? Number(asked[1]) * 1000 : FIRST_WAIT_MS * 2 ** (attempt - 1))
}

type Outcome = { text: string; promptTokens: number; answerTokens: number } | { again: boolean; reason: string }

async function request({ url, model, key }: EndpointOptions, question: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({
        ...(model === null ? {} : { model }),
        messages: [{ role: 'user', content: question }],
        temperature: 0,
        max_tokens: ANSWER_TOKENS,
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    if (!response.ok) {
      const after = response.headers.get('retry-after')
      const again = response.status === 429 || response.status >= 500
      return { again, reason: `${after && /^\d+$/.test(after) ? `after:${after} ` : ''}HTTP ${response.status}` }
    }
    return replyIn(await response.json())
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
    return { again: true, reason: `${error instanceof Error ? error.message : error}${cause ? ` (${cause})` : ''}` }
  }
}

/** The fields of a chat completion that are used; anything else may be there. */
function replyIn(body: unknown): Outcome {
  const { choices, usage } = (body ?? {}) as {
    choices?: { message?: { content?: unknown } }[]
    usage?: { prompt_tokens?: unknown; completion_tokens?: unknown }
  }
  const text = Array.isArray(choices) ? choices[0]?.message?.content : undefined
  if (typeof text !== 'string') return { again: false, reason: 'its answer is no chat completion' }
  const tokens = (value: unknown) => (typeof value === 'number' && value >= 0 ? Math.trunc(value) : 0)
  return { text, promptTokens: tokens(usage?.prompt_tokens), answerTokens: tokens(usage?.completion_tokens) }
}

/** The label that the answer is or names first; the answer itself where no labels are given, empty where none is named. */
function labelIn(text: string, labels: readonly string[]): string {
  const answer = text.trim()
  if (labels.length === 0) return answer
  const folded = answer.toLowerCase()
  const exact = labels.find((label) => label.toLowerCase() === folded.replace(/[.!。"]+$/g, ''))
  if (exact !== undefined) return exact
  const found = labels
    .map((label) => ({
      label,
      at: folded.search(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(label)}(?![\\p{L}\\p{N}])`, 'iu')),
    }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
  return found[0]?.label ?? ''
}

function escaped(text: string): string {
  return text.toLowerCase().replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
