import { inject } from 'vitest'
import type { ModelSummary, ResultSummary } from '../../src/contract/api.ts'

async function ask<T>(path: string, at: 'story' | 'hub' = 'story'): Promise<T> {
  const response = await fetch(`${inject(at)}/api/v1/${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** What tests have to know of an estate before they look at its pages. */
export const api = {
  async model(name: string): Promise<ModelSummary> {
    const { items } = await ask<{ items: ModelSummary[] }>(`models?query=${encodeURIComponent(name)}`)
    const found = items.find((model) => model.name === name)
    if (found === undefined) throw new Error(`no model is called ${name}`)
    return found
  },
  /** The vendor's model and what the integrator made of it. */
  async pair(): Promise<{ parent: string; child: string }> {
    return { parent: (await api.model('assistant')).id, child: (await api.model('assistant-q8')).id }
  },
  async results(): Promise<ResultSummary[]> {
    return (await ask<{ items: ResultSummary[] }>('results?limit=100')).items
  },
}
