import { blake3 } from '@napi-rs/blake-hash'
import { describe, expect, it } from 'vitest'
import { type IdentityTensor, layoutId, modelId } from '../../src/identify/model-id.ts'

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]

function weight(role: string, digest: string): IdentityTensor {
  return { role, digest, standing: 'weight' }
}

describe('the model id', () => {
  it('is BLAKE3 of the raw digests in ascending order', () => {
    const expected = blake3(Buffer.from(a + b, 'hex')).toString('hex')
    expect(modelId([weight('x', b), weight('y', a)])).toBe(`blake3:${expected}`)
  })

  it('of no weights is BLAKE3 of nothing', () => {
    expect(modelId([])).toBe('blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262')
  })

  it('does not depend on names', () => {
    expect(modelId([weight('x', a)])).toBe(modelId([weight('y', a)]))
  })

  it('counts equal tensors as often as they occur', () => {
    expect(modelId([weight('x', a), weight('y', a)])).not.toBe(modelId([weight('x', a)]))
  })

  it('leaves out what is only listed', () => {
    expect(modelId([weight('x', a), { role: 'inv_freq', digest: b, standing: 'closed-form' }])).toBe(
      modelId([weight('x', a)]),
    )
  })

  it.each([
    ['lm_head.weight', 'embed_tokens.weight'],
    ['output.weight', 'token_embd.weight'],
    ['embed_out.weight', 'gpt_neox.embed_in.weight'],
    ['cls.predictions.decoder.weight', 'bert.embeddings.word_embeddings.weight'],
    ['lm_head.weight', 'wte.weight'],
  ])('counts %s once when it equals %s', (head, embedding) => {
    const once = [weight(embedding, a), weight('layers.0.weight', b)]
    expect(modelId([...once, weight(head, a)])).toBe(modelId(once))
  })

  it('keeps an output head that differs from the embedding', () => {
    const tied = [weight('wte.weight', a)]
    expect(modelId([...tied, weight('lm_head.weight', b)])).not.toBe(modelId(tied))
  })

  it('does not take a layer that ends in output for the output head', () => {
    const embedding = [weight('token_embd.weight', a)]
    expect(modelId([...embedding, weight('blk.0.output.weight', a)])).not.toBe(modelId(embedding))
  })
})

describe('the layout', () => {
  it('is BLAKE3 of the sorted lines of role and digest', () => {
    const expected = blake3(`x\t${b}\ny\t${a}\n`).toString('hex')
    expect(layoutId([weight('y', a), weight('x', b)])).toBe(`blake3:${expected}`)
  })

  it('sorts by UTF-8 bytes, not by UTF-16 units', () => {
    const expected = blake3(`\u{ff5e}\t${a}\n\u{1f600}\t${a}\n`).toString('hex')
    expect(layoutId([weight('\u{1f600}', a), weight('\u{ff5e}', a)])).toBe(`blake3:${expected}`)
  })

  it('tells two swapped layers apart, which the id does not', () => {
    const model = [weight('x', a), weight('y', b)]
    const swapped = [weight('x', b), weight('y', a)]
    expect([modelId(model) === modelId(swapped), layoutId(model) === layoutId(swapped)]).toEqual([true, false])
  })

  it('is not fooled by a role that contains a line', () => {
    const forged = [weight(`x\t${a}\ny`, b), weight('z', c)]
    const honest = [weight('x', a), weight('y', b), weight('z', c)]
    expect(layoutId(forged)).not.toBe(layoutId(honest))
  })
})
