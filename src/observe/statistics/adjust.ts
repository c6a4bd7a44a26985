/** Holm's adjusted p-values (Scandinavian Journal of Statistics 6, 1979): the chance of any false alarm in the family. */
export function holm(ps: readonly number[]): number[] {
  const order = ascending(ps)
  const adjusted = new Array<number>(ps.length)
  let highest = 0
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, ps[index]! * (ps.length - rank)))
    adjusted[index] = highest
  })
  return adjusted
}

/** Benjamini and Hochberg's adjusted p-values (JRSS B 57, 1995): the share of false alarms among those raised. */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ascending(ps)
  const adjusted = new Array<number>(ps.length)
  let lowest = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    lowest = Math.min(lowest, (ps[order[rank]!]! * ps.length) / (rank + 1))
    adjusted[order[rank]!] = lowest
  }
  return adjusted
}

function ascending(ps: readonly number[]): number[] {
  return ps.map((_, index) => index).sort((a, b) => ps[a]! - ps[b]!)
}
