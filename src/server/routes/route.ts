import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { type ApiRole, problemDetails } from '../../contract/api.ts'
import { allow } from '../guard.ts'
import type { Carried } from '../serving.ts'

const problem = {
  description: 'application/problem+json, RFC 9457',
  content: { 'application/problem+json': { schema: problemDetails } },
}

/** An answer of JSON in this shape, or a problem. */
export function answering<T extends z.ZodType>(schema: T, description: string) {
  return {
    200: { description, content: { 'application/json': { schema } } },
    default: problem,
  }
}

/** The same of something new, 201, or of work that has only begun, 202. */
export function making<T extends z.ZodType, S extends 201 | 202>(status: S, schema: T, description: string) {
  return {
    [status]: { description, content: { 'application/json': { schema } } },
    default: problem,
  } as Record<S, { description: string; content: { 'application/json': { schema: T } } }> & { default: typeof problem }
}

/** A route that takes a role. */
export function routeFor<const C extends Omit<RouteConfig, 'middleware' | 'security'>>(role: ApiRole, config: C) {
  return createRoute({
    ...config,
    security: [{ bearer: [] }, { session: [] }],
    'x-yukue-role': role,
    middleware: [allow(role)] as MiddlewareHandler<Carried>[],
  })
}

/** A model in an address: its id, a name, or the beginning of a digest. */
export const idParam = z.object({ id: z.string().min(1).max(512) })
export const nameParam = z.object({ name: z.string().min(1).max(512) })
export const numberParam = z.object({ number: z.coerce.number().int().min(0) })
