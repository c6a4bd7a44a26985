import { describe, expect, it } from 'vitest'
import { envelope } from '../../src/contract/envelope.ts'
import {
  countersigned,
  encodeEnvelope,
  judgeSignatures,
  preAuthEncoding,
  signedFrom,
  signPayload,
} from '../../src/ledger/dsse.ts'
import { generateKey, keyIdOf, signingKey } from '../../src/ledger/keys.ts'
import { bytesOf } from '../builders/tree.ts'

const [one, two] = ['one', 'two'].map((name) => signingKey(name, generateKey().seed)) as [
  ReturnType<typeof signingKey>,
  ReturnType<typeof signingKey>,
]
const keys = new Map([one, two].map((key) => [keyIdOf(key), key]))

it('encodes what is signed as the DSSE specification’s example', () => {
  const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
  expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
})

it('signs as RFC 8032’s first test vector does', () => {
  const seed = bytesOf('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  const signature = signingKey('rfc8032', seed).sign(new Uint8Array())
  expect(Buffer.from(signature).toString('hex')).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  )
})

describe('an envelope', () => {
  const signed = countersigned(signPayload('{"a":"é"}', one), two)

  it('verifies under both keys', () => {
    expect(judgeSignatures(signed, keys).map(({ result }) => result)).toEqual(['good', 'good'])
  })

  it('comes back from its text as it was', () => {
    expect(signedFrom(envelope.parse(JSON.parse(encodeEnvelope(signed))))).toEqual(signed)
  })

  it('with another payload is bad', () => {
    const results = judgeSignatures({ ...signed, payload: '{"a":"e"}' }, keys)
    expect(results.map(({ result }) => result)).toEqual(['bad', 'bad'])
  })

  it('with its signatures swapped is bad', () => {
    const [first, second] = signed.signatures as [(typeof signed.signatures)[0], (typeof signed.signatures)[0]]
    const swapped = [
      { ...first, sig: second.sig },
      { ...second, sig: first.sig },
    ]
    expect(judgeSignatures({ ...signed, signatures: swapped }, keys).map(({ result }) => result)).toEqual([
      'bad',
      'bad',
    ])
  })

  it('of a stranger is of an unknown key', () => {
    expect(judgeSignatures(signed, new Map())[0]?.result).toBe('unknown-key')
  })
})
