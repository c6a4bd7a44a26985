import { describe, expect, it } from 'vitest'
import { problemValues } from '../../src/contract/problem.ts'
import { CHANGE_KINDS } from '../../src/contract/scan.ts'
import { en } from '../../src/report/locales/en.ts'
import { ja } from '../../src/report/locales/ja.ts'

type Tree = { readonly [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    return typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`)
  })
}

function variables(text: string): string[] {
  return Array.from(text.matchAll(/\{\{([^}]*)\}\}/g), ([, name]) => name!).sort()
}

const english = new Map(leaves(en))
const japanese = new Map(leaves(ja))
/** Japanese has no singular form of its own. */
const shared = [...english.keys()].filter((key) => !key.endsWith('_one'))

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect([...japanese.keys()].sort()).toEqual([...shared].sort())
  })

  it('put the same values into each text', () => {
    const differ = shared.filter((key) => `${variables(japanese.get(key) ?? '')}` !== `${variables(english.get(key)!)}`)
    expect(differ).toEqual([])
  })

  it('have an English plural beside every singular, with the same values', () => {
    const singular = [...english.keys()].filter((key) => key.endsWith('_one'))
    const plural = singular.map((key) => variables(english.get(key.replace(/_one$/, '_other')) ?? 'missing'))
    expect(plural).toEqual(singular.map((key) => variables(english.get(key)!)))
  })

  it('leave no text empty', () => {
    expect([...english, ...japanese].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('translate every text that has words in it', () => {
    const worded = shared.filter((key) => /[a-z]{2}/i.test(english.get(key)!.replaceAll(/\{\{[^}]*\}\}/g, '')))
    const same = worded.filter((key) => english.get(key) === japanese.get(key))
    expect(same).toEqual([])
  })

  it('name every problem and every change, and no others', () => {
    expect(Object.keys(en.problem)).toEqual(Object.keys(problemValues))
    expect(Object.keys(en.change).sort()).toEqual([...CHANGE_KINDS].sort())
  })

  it('fill each problem text with exactly the values that the problem carries', () => {
    const used = Object.values(en.problem).map(({ happened }) => variables(happened.replaceAll(', number', '')))
    const carried = Object.values(problemValues).map((schema) => Object.keys(schema.shape).sort())
    expect(used).toEqual(carried)
  })
})
