import type { Finding } from './model-file.ts'
import type { OnnxGraph, OnnxModel } from './onnx-model.ts'

/** Operator sets that runtimes bring along: ONNX's own, and those of onnxruntime, which its optimiser writes into files. */
const KNOWN_DOMAINS = /^(|ai\.onnx(\..*)?|com\.microsoft(\..*)?|com\.ms\.internal\.nhwc)$/

/** Names told of; the JSON result is not the place for thousands. */
const MAX_TOLD = 8

/** Operators of other domains, which the program that loads the model must have code for. The model's own functions are none. */
export function customOperators(model: OnnxModel): Finding[] {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}::${name}`))
  const custom = new Set<string>()
  const pending: OnnxGraph[] = [model.graph, ...model.functions.map(({ body }) => body)]
  for (let graph = pending.pop(); graph; graph = pending.pop())
    for (const { domain, op, subgraphs } of graph.nodes) {
      const name = `${domain}::${op}`
      if (!KNOWN_DOMAINS.test(domain) && !own.has(name)) custom.add(name)
      pending.push(...subgraphs)
    }
  if (custom.size === 0) return []
  const names = [...custom].sort()
  const operators = names.slice(0, MAX_TOLD).join(', ') + (names.length > MAX_TOLD ? ', …' : '')
  const message = `needs operators that are in no standard set: ${operators}`
  return [{ code: 'custom-op', severity: 'medium', message, values: { operators, count: names.length } }]
}
