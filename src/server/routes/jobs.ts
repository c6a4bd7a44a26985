import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { type Job, job, jobs as jobsSchema } from '../../contract/api-work.ts'
import type { Api, Serving } from '../serving.ts'
import { answering, routeFor } from './route.ts'

const tags = ['jobs']
const jobParam = z.object({ id: z.uuid() })

/** Proxies close what is silent for a minute. */
const PULSE_MS = 20_000

/** What callers asked for, and how far it is. */
export function jobRoutes(api: Api, { jobs }: Serving): void {
  api.openapi(
    routeFor('recorder', {
      method: 'get',
      path: '/jobs',
      tags,
      summary: 'Jobs, the latest first',
      responses: answering(jobsSchema, 'All that are kept'),
    }),
    (c) => c.json(jobs.list(), 200),
  )
  api.openapi(
    routeFor('recorder', {
      method: 'get',
      path: '/jobs/{id}',
      tags,
      summary: 'One job with its result',
      request: { params: jobParam },
      responses: answering(job, 'The job'),
    }),
    (c) => c.json(jobs.get(c.req.valid('param').id), 200),
  )
  api.openapi(
    routeFor('recorder', {
      method: 'get',
      path: '/jobs/{id}/events',
      tags,
      summary: 'The job whenever it changes, as server-sent events',
      request: { params: jobParam },
      responses: {
        200: {
          description: 'Events named job, each with the job as its data',
          content: { 'text/event-stream': { schema: z.string() } },
        },
      },
    }),
    (c) => {
      const { id } = c.req.valid('param')
      jobs.get(id)
      return streamSSE(c, async (stream) => {
        const changes: Job[] = []
        let wake = () => {}
        const stop = jobs.follow(id, (changed) => {
          changes.push(changed)
          wake()
        })
        stream.onAbort(() => {
          stop()
          wake()
        })
        const pulse = setInterval(() => void stream.write(': still here\n\n'), PULSE_MS)
        try {
          for (let ended = false; !ended && !stream.aborted; ) {
            if (changes.length === 0) await new Promise<void>((resolve) => (wake = resolve))
            for (const changed of changes.splice(0)) {
              await stream.writeSSE({ event: 'job', data: JSON.stringify(changed) })
              ended = changed.finished !== null
            }
          }
        } finally {
          clearInterval(pulse)
          stop()
        }
      })
    },
  )
}
