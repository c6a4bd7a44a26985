import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../web/write/columns.ts'

const log = (name: string, text: string) => new File([text], name)

describe('the columns of a log', () => {
  it('are those of its heading, whatever parts them', async () => {
    for (const delimiter of [',', ';', '\t', '|'])
      expect(await columnsOf(log('log.csv', ['id', 'sex', 'approved'].join(delimiter)))).toEqual([
        'id',
        'sex',
        'approved',
      ])
  })

  it('may hold what parts others, in quotes', async () => {
    const name = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !/[\r\n\uFEFF]/.test(text))
    const names = fc.uniqueArray(name, { minLength: 2, maxLength: 8 })
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(names, async (columns) => {
        // a name of nothing but delimiters can be read in another way too; then the names are typed
        const found = await columnsOf(log('log.csv', `${columns.map(quoted).join(',')}\n1,2\n`))
        expect([columns, []]).toContainEqual(found)
      }),
    )
  })

  it('are the keys of the first row of JSON Lines', async () => {
    expect(await columnsOf(log('log.jsonl', '{"id":1,"sex":"F"}\n{"id":2}\n'))).toEqual(['id', 'sex'])
  })

  it('are not guessed where the beginning does not tell them', async () => {
    for (const file of [
      log('log.parquet', 'PAR1,x'),
      log('log.csv', 'only one'),
      log('log.csv', 'a,,b'),
      log('log.csv', 'a,a'),
      log('log.jsonl', '[1]'),
      log('log.jsonl', '{'),
    ])
      expect(await columnsOf(file)).toEqual([])
  })
})
