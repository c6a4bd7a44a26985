import { readError } from '../../src/read/read-error.ts'
import { memorySource, type Siblings } from '../../src/read/source.ts'

/** Files in memory beside a main file; `closed` gathers those that were closed again. */
export function memorySiblings(files: Readonly<Record<string, Uint8Array>>, closed: string[] = []): Siblings {
  return {
    open(name) {
      if (name.startsWith('/') || name.split('/').includes('..')) throw readError('model.json', 'unsafe-path', { name })
      const bytes = Object.hasOwn(files, name) ? files[name] : undefined
      if (bytes === undefined) throw readError('model.json', 'missing-file', { name })
      return { ...memorySource(name, bytes), close: () => void closed.push(name) }
    },
  }
}
