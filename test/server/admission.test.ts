import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { admission } from '../../src/server/admission.ts'
import { RequestProblem } from '../../src/server/problem.ts'
import type { Carried } from '../../src/server/serving.ts'

/** A server that answers nothing before `open` is called. */
function heldUp() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let [now, most] = [0, 0]
  const began: string[] = []
  const app = new Hono<Carried>()
  app.onError((error, c) => {
    if (!(error instanceof RequestProblem)) throw error
    return c.body(error.code, 503, { ...error.headers })
  })
  app.use(admission())
  app.all('*', async (c) => {
    began.push(c.req.path)
    most = Math.max(most, ++now)
    await opened
    now--
    return c.text('done')
  })
  return { app, open, began, most: () => most }
}

async function statusesOf(answers: Promise<Response>[]) {
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  return { done: statuses.filter((status) => status === 200).length, refused: statuses.filter((s) => s === 503).length }
}

describe('a server that is asked by more than it can answer', () => {
  it('refuses at once whoever would wait too long, and answers all others', async () => {
    const { app, open } = heldUp()
    const answers = Array.from({ length: 2_000 }, async () => app.request('/models'))
    const [first] = await Promise.all([Promise.any(answers)])
    expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([503, '1', 'overloaded'])
    open()
    const { done, refused } = await statusesOf(answers)
    expect(done + refused).toBe(2_000)
    expect(done).toBeGreaterThanOrEqual(1_024)
  })

  it('works on few at a time', async () => {
    const { app, open, most } = heldUp()
    const answers = Array.from({ length: 500 }, async () => app.request('/models'))
    await new Promise((resolve) => setTimeout(resolve, 50))
    open()
    expect((await statusesOf(answers)).done).toBe(500)
    expect(most()).toBeLessThanOrEqual(64)
  })

  it('begins in the order in which they came', async () => {
    const { app, open, began } = heldUp()
    open()
    const paths = Array.from({ length: 300 }, (_, at) => `/${at}`)
    await Promise.all(paths.map(async (path) => app.request(path)))
    expect(began).toEqual(paths)
  })

  it('reads on while others wait for the disk', async () => {
    const { app, open, began } = heldUp()
    const writes = Array.from({ length: 400 }, async () => app.request('/records', { method: 'POST' }))
    const reading = app.request('/models')
    while (!began.includes('/models')) await new Promise((resolve) => setImmediate(resolve))
    open()
    expect((await reading).status).toBe(200)
    expect((await statusesOf(writes)).done).toBe(400)
  })

  it('bounds what waits for the disk too', async () => {
    const { app, open } = heldUp()
    const writes = Array.from({ length: 600 }, async () => app.request('/records', { method: 'POST' }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    open()
    expect(await statusesOf(writes)).toEqual({ done: 512, refused: 88 })
  })
})
