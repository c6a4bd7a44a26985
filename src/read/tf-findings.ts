import type { Finding } from './model-file.ts'

/** Operators that reach out of the graph when it runs, and what they do. */
const REACHING_OUT = new Map([
  ['PyFunc', 'calls Python code'],
  ['PyFuncStateless', 'calls Python code'],
  ['EagerPyFunc', 'calls Python code'],
  ['ReadFile', 'reads a file'],
  ['WriteFile', 'writes a file'],
  ['MatchingFiles', 'lists files'],
  ['ImmutableConst', 'maps a file into memory'],
  ['WholeFileReader', 'reads files'],
  ['WholeFileReaderV2', 'reads files'],
  ['CreateSummaryFileWriter', 'writes files'],
  ['CreateSummaryDbWriter', 'writes a database'],
  ['DebugIdentity', 'sends values to an address'],
  ['DebugIdentityV2', 'sends values to an address'],
  ['DebugIdentityV3', 'sends values to an address'],
  ['FileSystemSetConfiguration', 'configures access to files'],
])

/**
 * Operators that a model needs for nothing it computes. `operators`: each with the name of a node that has it. Operators
 * of libraries that are loaded beside TensorFlow have the library's name and `>` before theirs, by convention.
 */
export function operatorFindings(operators: ReadonlyMap<string, string>): Finding[] {
  return [...operators].flatMap(([operator, node]): Finding[] => {
    const does = REACHING_OUT.get(operator) ?? (operator.includes('>') ? "is not TensorFlow's own" : null)
    if (does === null) return []
    const message = `The operator ${operator.slice(0, 100)} (node "${node.slice(0, 200)}") ${does}.`
    return [{ code: 'unsafe-op', severity: 'high', message }]
  })
}
