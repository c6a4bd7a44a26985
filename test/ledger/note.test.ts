import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointFrom, cosign, cosignedAt } from '../../src/ledger/checkpoint.ts'
import { generateKey, signingKey } from '../../src/ledger/keys.ts'
import {
  COSIGNATURE_TYPE,
  decodeNote,
  decodeVerifierKey,
  encodeNote,
  encodeVerifierKey,
  noteKeyId,
  signatureOf,
  signNote,
} from '../../src/ledger/note.ts'
import { verifyConsistency } from '../../src/ledger/proof.ts'
import { bytesOf } from '../builders/tree.ts'

/** golang.org/x/mod/sumdb/note, note_test.go. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PETER_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

/** github.com/transparency-dev/witness, the log “monkeys” of its tests: checkpoints of sizes 5 and 8 and the proof between. */
const MONKEYS = 'monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT'
const FIVE =
  'monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n— monkeys 202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n'
const EIGHT =
  'monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n\n— monkeys 202ffoUEboiQYpHzICeaFmoy3RNviHTpAxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=\n'
const PROOF = [
  'b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2',
  'aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d',
  '89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e',
  '29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833',
]

describe('the published note', () => {
  it('verifies', () => {
    expect(signatureOf(decodeNote(NOTE)!, decodeVerifierKey(PETER)!.key)).toBe('good')
  })

  it('comes out the same when signed again', () => {
    expect(encodeNote(signNote(TEXT, signingKey('PeterNeumann', PETER_SEED)))).toBe(NOTE)
  })

  it('does not verify with another letter', () => {
    const altered = decodeNote(NOTE.replace('cryptography', 'cryptographY'))!
    expect(signatureOf(altered, decodeVerifierKey(PETER)!.key)).toBe('bad')
  })

  it('is signed with the key that its text form gives', () => {
    expect(encodeVerifierKey(signingKey('PeterNeumann', PETER_SEED))).toBe(PETER)
  })
})

/** As note_test.go mangles its key: every part left out, every byte one higher. */
it.each([
  'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
  'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ...Array.from({ length: PETER.length - 1 }, (_, at) => PETER.slice(0, at + 1)),
  ...Array.from({ length: PETER.length - 1 }, (_, at) => PETER.slice(at + 1)),
  ...Array.from({ length: PETER.length }, (_, at) => {
    return PETER.slice(0, at) + String.fromCharCode(PETER.charCodeAt(at) + 1) + PETER.slice(at + 1)
  }),
])('the mangled key %s is none', (text) => {
  expect(decodeVerifierKey(text)).toBeNull()
})

describe('the published checkpoints', () => {
  it.each([FIVE, EIGHT])('verify', (text) => {
    expect(signatureOf(decodeNote(text)!, decodeVerifierKey(MONKEYS)!.key)).toBe('good')
  })

  it('are consistent by the published proof', () => {
    const [five, eight] = [FIVE, EIGHT].map((text) => checkpointFrom(decodeNote(text)!.text)!)
    expect(verifyConsistency(five!, eight!, PROOF.map(bytesOf))).toBe(true)
  })
})

/** The example of https://c2sp.org/tlog-cosignature. */
const COSIGNED = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`

describe('the specification’s cosigned checkpoint', () => {
  it('has its size', () => {
    expect(checkpointFrom(decodeNote(COSIGNED)!.text)?.size).toBe(20_852_163)
  })

  it('carries the time of its cosignature in front of it', () => {
    const { bytes } = decodeNote(COSIGNED)!.signatures[1]!
    expect(Buffer.from(bytes).readBigUInt64BE()).toBe(1_679_315_147n)
  })

  it('comes out the same when written again', () => {
    expect(encodeNote(decodeNote(COSIGNED)!)).toBe(COSIGNED)
  })
})

describe('a cosignature', () => {
  const witness = signingKey('witness.example/w1', generateKey().seed)
  const note = decodeNote(FIVE)!
  const cosigned = { ...note, signatures: [...note.signatures, cosign(note.text, witness, 1_700_000_000)] }

  it('tells when it was made', () => {
    expect(cosignedAt(cosigned, witness)).toBe(1_700_000_000)
  })

  it('is not one of the key’s ordinary signatures', () => {
    expect(signatureOf(cosigned, witness)).toBe('absent')
  })

  it('does not hold for another checkpoint', () => {
    expect(cosignedAt({ ...cosigned, text: decodeNote(EIGHT)!.text }, witness)).toBeNull()
  })

  it('does not hold for another time', () => {
    const [log, own] = cosigned.signatures as [(typeof note.signatures)[0], (typeof note.signatures)[0]]
    const later = { ...own, bytes: own.bytes.map((byte, at) => (at === 7 ? byte + 1 : byte)) }
    expect(cosignedAt({ ...cosigned, signatures: [log, later] }, witness)).toBeNull()
  })

  it('has a key id of its own, as the specification builds it', () => {
    expect(noteKeyId(witness, COSIGNATURE_TYPE)).not.toBe(noteKeyId(witness))
  })
})

it.each([
  ['without signatures', 'a\n\n'],
  ['without an empty line', 'a\n— b AAAAAAA=\n'],
  ['with a control character', NOTE.replace('your', 'yo\u0007ur')],
  ['without its last line feed', NOTE.slice(0, -1)],
  ['with half a surrogate', NOTE.replace('your', 'yo\ud800ur')],
  ['with loose base64', NOTE.replace('nAM=', 'nAN=')],
])('a text %s is no note', (_, text) => {
  expect(decodeNote(text)).toBeNull()
})

it('no text makes reading a note fail otherwise than by giving none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const note = decodeNote(text)
      return note === null || encodeNote(note) === text
    }),
  )
})
