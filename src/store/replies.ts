import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Reply, ReplyStore } from '../infer/endpoint.ts'

/**
 * Replies of endpoints in a file of JSON Lines, one written as it comes: a run that is cut off goes on where it stopped. A last line
 * that was cut off is asked for again.
 */
export function repliesIn(path: string, endpoint: string): ReplyStore {
  const known = new Map<string, Reply>()
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  for (const line of text.split('\n')) {
    const entry = parsed(line)
    if (entry) known.set(entry.id, entry.reply)
  }
  // a torn line must not swallow the next one
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  const idOf = (key: string, question: string) =>
    createHash('sha256')
      .update(JSON.stringify([endpoint, key, question]))
      .digest('hex')
  return {
    get: (key, question) => known.get(idOf(key, question)) ?? null,
    put(reply, question) {
      const id = idOf(reply.key, question)
      known.set(id, reply)
      appendFileSync(path, `${JSON.stringify({ id, ...reply })}\n`)
    },
  }
}

function parsed(line: string): { id: string; reply: Reply } | null {
  try {
    const { id, key, text, promptTokens, answerTokens } = JSON.parse(line) as Record<string, unknown>
    if (typeof id !== 'string' || typeof key !== 'string' || typeof text !== 'string') return null
    return {
      id,
      reply: { key, text, promptTokens: Number(promptTokens) || 0, answerTokens: Number(answerTokens) || 0 },
    }
  } catch {
    return null
  }
}
