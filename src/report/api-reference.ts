import { z } from 'zod'
import { type Html, html } from './html.ts'
import type { Language, Translate } from './language.ts'
import { PAGE_STYLE } from './page-style.ts'

/** What of an OpenAPI document the page shows. */
const shownDocument = z.object({
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).optional() }).optional(),
})

const shownOperation = z.object({
  summary: z.string().optional(),
  tags: z.array(z.string()).optional(),
  'x-yukue-role': z.string().optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: z.unknown() }))
    .optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
  responses: z.record(
    z.string(),
    z.object({
      description: z.string(),
      content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
    }),
  ),
})

type Operation = z.infer<typeof shownOperation> & { method: string; path: string; id: string }

export interface ReferenceOptions {
  t: Translate
  language: Language
  /** Of the machine-readable description. */
  address: string
  /** Of `REFERENCE_STYLE`. */
  style: string
}

export const REFERENCE_STYLE = `${PAGE_STYLE}
.method { font-weight: 600; text-transform: uppercase; }
.operation { margin-block: 1.5rem; }
code { overflow-wrap: anywhere; }
`

/** The API as a page: every address with what it takes and answers. Nothing is fetched from elsewhere, and nothing runs. */
export function apiReference(document: unknown, { t, language, address, style }: ReferenceOptions): string {
  const { info, paths, components } = shownDocument.parse(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, value]): Operation[] => {
      const operation = shownOperation.safeParse(value)
      const id = `${method}${path}`.replace(/[^a-z0-9]+/gi, '-')
      return operation.success ? [{ ...operation.data, method, path, id }] : []
    }),
  )
  const tags = [...new Set(operations.flatMap((operation) => operation.tags ?? []))]
  const schemas = Object.entries(components?.schemas ?? {})
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${t('serve.reference.title')}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<header>
<h1>${t('serve.reference.title')} ${info.version}</h1>
<p class="soft">${t('serve.reference.intro', { address })} <a href="${address}">openapi.json</a></p>
</header>
<nav aria-label="${t('serve.reference.contents')}"><ul>${operations.map(
    ({ id, method, path }) => html`<li><a href="#${id}"><span class="method">${method}</span> ${path}</a></li>`,
  )}</ul></nav>
<main>
${tags.map(
  (tag) =>
    html`<section><h2>${tag}</h2>
${operations.filter((operation) => operation.tags?.includes(tag)).map((operation) => operationPart(operation, t))}</section>
`,
)}<section><h2>${t('serve.reference.fields')}</h2>
${schemas.map(([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>${schemaPart(schema)}</section>\n`)}</section>
</main>
</body>
</html>
`
  return page.markup
}

function operationPart(operation: Operation, t: Translate): Html {
  const { id, method, path, summary = '', parameters = [], requestBody, responses } = operation
  const role = operation['x-yukue-role']
  const part = (heading: string, content: Html | null) => content && html`<h4>${heading}</h4>${content}`
  return html`<article class="operation" id="${id}">
<h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${summary}${role === undefined ? '' : ` (${t('serve.reference.role', { role })})`}</p>
${part(
  t('serve.reference.parameters'),
  parameters.length === 0
    ? null
    : html`<ul>${parameters.map(
        (each) =>
          html`<li><code>${each.name}</code>${each.required ? ' *' : ''} (${each.in}): ${typeText(each.schema)}</li>`,
      )}</ul>`,
)}
${part(
  t('serve.reference.body'),
  requestBody === undefined
    ? null
    : html`<ul>${Object.entries(requestBody.content).map(
        ([type, { schema }]) => html`<li><code>${type}</code>: ${schemaLink(schema)}</li>`,
      )}</ul>`,
)}
<h4>${t('serve.reference.answers')}</h4>
<ul>${Object.entries(responses).map(
    ([status, { description, content = {} }]) =>
      html`<li><code>${status}</code> ${description}${Object.values(content).map(({ schema }) => html`: ${schemaLink(schema)}`)}</li>`,
  )}</ul>
</article>
`
}

/** The most lines of one shape; the rest is in the machine-readable description. */
const MAX_DEPTH = 4

function schemaPart(schema: unknown): Html {
  return html`<ul>${fieldLines(schema, 0)}</ul>`
}

function fieldLines(schema: unknown, depth: number): Html[] {
  const properties = member(schema, 'properties')
  if (typeof properties !== 'object' || properties === null || depth >= MAX_DEPTH) return []
  return Object.entries(properties).map(([name, value]) => {
    const inner = fieldLines(itemOf(value), depth + 1)
    return html`<li><code>${name}</code>: ${typeText(value)}${inner.length > 0 ? html`<ul>${inner}</ul>` : null}</li>`
  })
}

function itemOf(schema: unknown): unknown {
  return member(schema, 'items') ?? schema
}

function schemaLink(schema: unknown): Html {
  const name = referenceOf(schema)
  return name === null ? html`${typeText(schema)}` : html`<a href="#schema-${name}">${name}</a>`
}

function typeText(schema: unknown): string {
  const name = referenceOf(schema)
  if (name !== null) return name
  const choices = member(schema, 'enum')
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  const constant = member(schema, 'const')
  if (constant !== undefined) return JSON.stringify(constant)
  for (const union of ['oneOf', 'anyOf'] as const) {
    const options = member(schema, union)
    if (Array.isArray(options)) return [...new Set(options.map(typeText))].join(' | ')
  }
  const type = member(schema, 'type')
  const text = Array.isArray(type) ? type.join(' | ') : typeof type === 'string' ? type : 'any'
  return text.startsWith('array') ? `${text.replace('array', typeText(member(schema, 'items')))}[]` : text
}

function referenceOf(schema: unknown): string | null {
  const reference = member(schema, '$ref')
  return typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
