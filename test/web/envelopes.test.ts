import { describe, expect, it } from 'vitest'
import { envelopesIn } from '../../web/write/envelopes.ts'

const envelope = { payload: 'e30=', payloadType: 'application/vnd.in-toto+json', signatures: [] }

describe('a file of statements', () => {
  it('holds one envelope, however it is laid out', () => {
    expect(envelopesIn(JSON.stringify(envelope, null, 2))).toEqual([envelope])
  })

  it('holds several, one a line', () => {
    const line = JSON.stringify(envelope)
    expect(envelopesIn(`${line}\n${line}\n`)).toEqual([envelope, envelope])
  })

  it('is none where anything else stands in it', () => {
    for (const text of ['', '{}', 'id,sex\n1,F\n', `${JSON.stringify(envelope)}\nnot this`, '[]', '"text"'])
      expect(envelopesIn(text)).toBeNull()
  })
})
