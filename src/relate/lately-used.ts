/** Values by key, of which those used last stay; `sizeOf` says how much of `most` each takes. */
export interface LatelyUsed<V> {
  get(key: string): V | undefined
  put(key: string, value: V): void
}

export function latelyUsed<V>(most: number, sizeOf: (value: V) => number): LatelyUsed<V> {
  const values = new Map<string, V>()
  let held = 0
  return {
    get(key) {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    put(key, value) {
      const former = values.get(key)
      if (former !== undefined) held -= sizeOf(former)
      values.delete(key)
      values.set(key, value)
      held += sizeOf(value)
      for (const [oldest, least] of values) {
        if (held <= most || values.size === 1) return
        values.delete(oldest)
        held -= sizeOf(least)
      }
    },
  }
}
