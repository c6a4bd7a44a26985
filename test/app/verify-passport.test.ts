import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenKey } from '../../src/app/given-keys.ts'
import { modelAtHand } from '../../src/app/passport-model.ts'
import { recordResult } from '../../src/app/record-result.ts'
import { verifyPassport } from '../../src/app/verify-passport.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { generateKey, signingKey } from '../../src/ledger/keys.ts'
import { sealPassport } from '../../src/ledger/passport-file.ts'
import { auditCsv } from '../builders/audit.ts'
import { folder } from '../builders/folder.ts'
import { passportOf, vendor } from '../builders/passport.ts'
import { weights } from '../builders/weights.ts'

const idOf = (key: string) => givenKey({ path: 'key', text: key }).id

function check(text: string, keys: string[] = []) {
  return verifyPassport({ path: 'chat.yukuepassport', text }, { trusted: new Set(keys.map(idOf)), model: null }).report
}

async function checkWith(text: string, key: string, model: Uint8Array) {
  const root = folder({ 'chat.safetensors': model })
  const atHand = await modelAtHand(join(root, 'chat.safetensors'), { as: [], threads: 0 })
  return verifyPassport({ path: 'p', text }, { trusted: new Set([idOf(key)]), model: atHand }).report
}

const FLIPS = 2_000

describe('a passport', () => {
  it('is verified with nothing but the file and the sender’s public key', async () => {
    const sender = await vendor()
    const report = check(await passportOf(sender), [sender.key])
    expect([report.verdict, report.faults]).toEqual(['verified', []])
  })

  it('that nobody given vouches for is left undecided', async () => {
    const report = check(await passportOf(await vendor()))
    expect([report.verdict, report.open.map(({ code }) => code)]).toEqual([
      'undecided',
      expect.arrayContaining(['no-key']),
    ])
  })

  it('is not believed for a key that has not sealed it', async () => {
    const report = check(await passportOf(await vendor()), [(await vendor()).key])
    expect([report.verdict, report.open[0]?.code]).toEqual(['undecided', 'not-vouched'])
  })

  it('is refused with a reason after a change of any one bit', { timeout: 120_000 }, async () => {
    const sender = await vendor()
    const bytes = Buffer.from(await passportOf(sender))
    const unnoticed: number[] = []
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= 1 << bit
        if (!isRefused(changed.toString('utf8'), sender.key)) unnoticed.push(at)
      }),
      { numRuns: FLIPS },
    )
    expect(unnoticed).toEqual([])
  })

  it('is refused where one of its statements was left out, and the seal is named', async () => {
    const sender = await vendor()
    const passport = JSON.parse(await passportOf(sender))
    passport.statements.splice(1, 1)
    expect(check(`${JSON.stringify(passport)}\n`, [sender.key]).faults.map(({ code }) => code)).toContain('broken-seal')
  })

  it('sealed anew over an altered statement is refused by the log’s proof', async () => {
    const sender = await vendor()
    const passport = JSON.parse(await passportOf(sender))
    const [first, second] = passport.statements
    first.proof = second.proof
    expect(check(`${JSON.stringify(passport)}\n`, [sender.key]).faults).toContainEqual({
      code: 'altered-statement',
      at: first.number,
      detail: null,
    })
  })

  it('sealed by a stranger is refused, since its statements know no such key', async () => {
    const sender = await vendor()
    const { seal: _, schema: __, minor: ___, ...body } = JSON.parse(await passportOf(sender))
    const stranger = signingKey('stranger', generateKey().seed)
    expect(check(sealPassport(body, 'log', [stranger]), [sender.key]).faults.map(({ code }) => code)).toContain(
      'unsealed',
    )
  })

  it('of a newer minor version is read, with a note', async () => {
    const sender = await vendor()
    const report = check(await withVersion(sender, { minor: 7, fromTheFuture: { more: [1, 2] } }), [sender.key])
    expect([report.version, report.open.map(({ code }) => code)]).toEqual([
      '1.7',
      expect.arrayContaining(['newer-minor']),
    ])
  })

  it('of a newer major version is refused by its version', async () => {
    const sender = await vendor()
    const text = await withVersion(sender, { schema: 'yukue.passport/2', minor: 3 })
    expect(() => check(text, [sender.key])).toThrow(
      new CommandError({ code: 'newer-passport', path: 'chat.yukuepassport', version: '2.3', known: '1' }),
    )
  })

  it('says how many statements the sender kept back', async () => {
    const sender = await vendor()
    const report = check(await passportOf(sender, { leaveOut: ['observed'] }), [sender.key])
    expect([report.verdict, report.leftOut]).toEqual(['verified', { observed: 1 }])
  })

  it('fits the model that it came with', async () => {
    const sender = await vendor()
    const report = await checkWith(await passportOf(sender), sender.key, weights(1))
    expect([report.verdict, report.atHand?.same]).toEqual(['verified', true])
  })

  it('is disputed by other weights, and says what was done to them', async () => {
    const sender = await vendor()
    const report = await checkWith(await passportOf(sender), sender.key, weights(1, { type: 'f16' }))
    expect([report.verdict, report.atHand?.relations.map(({ changes }) => changes)]).toEqual([
      'disputed',
      [['converted-lossy']],
    ])
  })

  it('says of a stranger’s weights that they are related to nothing in it', async () => {
    const sender = await vendor()
    const report = await checkWith(await passportOf(sender), sender.key, weights(2))
    expect([report.verdict, report.atHand?.relations]).toEqual(['disputed', []])
  })
})

/** Refused by a fault that is named, or as a file that is no passport. */
function isRefused(text: string, key: string): boolean {
  try {
    const { verdict, faults } = check(text, [key])
    return verdict === 'refused' && faults.length > 0
  } catch (error) {
    return error instanceof CommandError
  }
}

/** The passport with other fields on top, and a seal of the log's own key that fits them. */
async function withVersion(sender: Awaited<ReturnType<typeof vendor>>, fields: object): Promise<string> {
  const passport = JSON.parse(await passportOf(sender))
  const { seal: _, ...open } = { ...passport, ...fields }
  return `${JSON.stringify({ ...open, seal: passport.seal })}\n`
}

it('a passport carries what was measured of its model, and the check says it', async () => {
  const sender = await vendor()
  const { result, said } = await measured()
  const measurement = { result, said, model: 'chat', parent: null, site: 'loans' }
  await recordResult(measurement, 'vendor', sender.estate)
  const { results } = check(await passportOf(sender), [sender.key])
  expect(results.map(({ kind, site, status, n }) => [kind, site, status, n])).toEqual([
    ['audit', 'loans', 'attested', 4],
  ])
})

async function measured() {
  const rows = ['d,sex', 'yes,F', 'no,F', 'yes,M', 'no,M']
  return {
    result: await auditCsv(rows, '--decision d --favourable yes --group sex'),
    said: { model: null, site: null },
  }
}
