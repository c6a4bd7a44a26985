import type { Context } from 'hono'
import { API_PREFIX } from '../contract/api.ts'
import { apiReference } from '../report/api-reference.ts'
import type { Carried } from './serving.ts'

/** The reference page: it is made of the description that programs get. */
export function referencePage(c: Context<Carried>, document: unknown): Response {
  const page = apiReference(document, {
    t: c.get('t'),
    language: c.get('language'),
    address: `${API_PREFIX}/openapi.json`,
    style: '/api/reference.css',
  })
  return c.html(page)
}
