import type { en } from './en.ts'

/** The shape every catalogue has. Languages without a singular form leave out the `_one` texts. */
export type Catalogue = Shape<typeof en>
type Shape<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Shape<T[K]>
}
