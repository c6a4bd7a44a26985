import type { DiffReport, TensorDiff } from '../contract/diff.ts'
import { percentText } from './figures.ts'

/** How far a part moved, from not at all (0) to a tenth of its size and more (4). */
export type Level = 0 | 1 | 2 | 3 | 4

/** A part of a layer: the greatest relative distance of its tensors; null where there is no such part. */
export interface Cell {
  distance: number | null
  level: Level | null
}

/** Layers down, parts across. */
export interface HeatMap {
  parts: string[]
  rows: { layer: number; cells: Cell[] }[]
}

/** In the order in which a layer computes; others follow as they come. */
const ORDER = ['q', 'k', 'v', 'o', 'gate', 'up', 'down', 'norm']

/** A network of more kinds of parts would be a list, no map. */
const MAX_PARTS = 16

export function heatMapOf({ tensors }: Pick<DiffReport, 'tensors'>): HeatMap | null {
  const inLayers = tensors.filter(({ layer, projection }) => layer !== null && projection !== null)
  if (inLayers.length === 0) return null
  const parts = partsOf(inLayers)
  const layers = [...new Set(inLayers.map(({ layer }) => layer!))].sort((a, b) => a - b)
  const byPlace = new Map<string, TensorDiff[]>()
  for (const tensor of inLayers) {
    const key = `${tensor.layer} ${tensor.projection}`
    const others = byPlace.get(key)
    if (others) others.push(tensor)
    else byPlace.set(key, [tensor])
  }
  const rows = layers.map((layer) => ({
    layer,
    cells: parts.map((part) => cellOf(byPlace.get(`${layer} ${part}`) ?? [])),
  }))
  return { parts, rows }
}

function partsOf(tensors: readonly TensorDiff[]): string[] {
  const found = [...new Set(tensors.map(({ projection }) => projection!))]
  const place = (part: string) => (ORDER.includes(part) ? ORDER.indexOf(part) : ORDER.length)
  return found.sort((a, b) => place(a) - place(b)).slice(0, MAX_PARTS)
}

function cellOf(tensors: readonly TensorDiff[]): Cell {
  const distances = tensors.flatMap(({ relativeDistance }) => relativeDistance ?? [])
  if (distances.length === 0) return { distance: null, level: null }
  const distance = Math.max(...distances)
  return { distance, level: levelOf(distance) }
}

/** Powers of ten: fine-tunes move by .1 to 5 %, quantisation to four bits by 5 to 10 %. */
function levelOf(distance: number): Level {
  if (distance === 0) return 0
  if (distance <= 0.001) return 1
  if (distance <= 0.01) return 2
  return distance <= 0.1 ? 3 : 4
}

/** `1.2 %`; what is little, but not nothing, never reads as 0. */
export function distanceText(distance: number | null): string {
  if (distance === null) return '–'
  if (distance === 0) return '0 %'
  return distance < 0.0005 ? '< 0.1 %' : percentText(distance)
}
