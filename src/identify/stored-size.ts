import { ELEMENT_BITS, type StoredTensor } from '../read/model-file.ts'

/** Bytes that `elements` neighbouring stored elements take; of blocks a whole number of them. */
export function storedSize({ element, quantisation }: StoredTensor, elements: number): number {
  if (quantisation?.kind === 'blocks') return (elements / quantisation.blockElements) * quantisation.blockBytes
  if (quantisation?.kind === 'packed') return (elements * quantisation.bits) / 8
  return (elements * ELEMENT_BITS[element]) / 8
}
