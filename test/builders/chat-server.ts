import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface ChatServer {
  url: string
  /** Questions that were answered, in order. */
  answered: string[]
  /** The most requests that were open at one time. */
  atOnce(): number
  requests(): number
}

/** An OpenAI-compatible endpoint. `reply` gives the answer, or the status with which a request is refused. */
export async function chatServer(reply: (question: string, request: number) => string | number): Promise<ChatServer> {
  const answered: string[] = []
  let [open, most, requests] = [0, 0, 0]
  const server = createServer(async (request, response) => {
    open++
    most = Math.max(most, open)
    const question = await questionIn(request)
    await new Promise((settle) => setTimeout(settle, 5))
    const answer = reply(question, ++requests)
    open--
    if (typeof answer === 'number') {
      response.writeHead(answer, answer === 429 ? { 'retry-after': '0' } : {}).end('{}')
      return
    }
    answered.push(question)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        choices: [{ message: { role: 'assistant', content: answer } }],
        usage: { prompt_tokens: 10, completion_tokens: 2 },
      }),
    )
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, answered, atOnce: () => most, requests: () => requests }
}

async function questionIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: { content: string }[] }
  return body.messages[0]!.content
}
