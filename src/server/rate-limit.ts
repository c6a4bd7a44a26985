/** How many are let through over time, and at once. */
export interface Rate {
  perSecond: number
  burst: number
}

/** More callers at once than this are let in again as if they were new. */
const MAX_CALLERS = 100_000

/** A bucket for each caller that fills with time: what is asked for beyond it has to wait. */
export function rateLimit({ perSecond, burst }: Rate, now: () => Date): { wait(caller: string, cost: number): number } {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    /** Takes `cost` from the caller's bucket. Seconds until there is enough, 0 where there is; with `cost` 0 it only looks. */
    wait(caller, cost) {
      const at = now().getTime()
      const known = buckets.get(caller) ?? { left: burst, at }
      const left = Math.min(burst, known.left + (Math.max(0, at - known.at) / 1_000) * perSecond)
      if (left < Math.max(1, cost)) return Math.max(1, Math.ceil((1 - left) / perSecond))
      if (buckets.size >= MAX_CALLERS && !buckets.has(caller)) buckets.clear()
      buckets.set(caller, { left: left - cost, at })
      return 0
    },
  }
}
