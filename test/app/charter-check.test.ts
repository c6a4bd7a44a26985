import { describe, expect, it } from 'vitest'
import { recordCharter } from '../../src/app/charter.ts'
import { checkModel, checkSite } from '../../src/app/check.ts'
import { recall } from '../../src/app/recall.ts'
import type { ChangeKind } from '../../src/contract/scan.ts'
import type { Relation } from '../../src/relate/lineage.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, d, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** Sections of a charter for model `a`, as JSON. */
type Sections = Record<string, unknown>

async function agreed(place: LedgerPlace, sections: Sections): Promise<void> {
  const head = { schema: 'yukue.charter/1', name: 'loans', models: [a], accountable: 'Head of Risk' }
  const text = JSON.stringify({ ...head, ...sections })
  await recordCharter({ path: 'charter.yaml', text }, {}, place.location, place.signing)
}

function made(child: string, parents: string[], changes: ChangeKind[], details: Relation['details'] = {}): Relation {
  return { ...relation(child, parents[0]!), parents: parents.map((id) => ({ id, weight: null })), changes, details }
}

/** An estate in which `b` was made from `a` so, under the charter. */
async function estateWith(sections: Sections, relations: Relation[] = [made(b, [a], ['fine-tuned'])]) {
  const place = await ledgerPlace()
  const found = { '/models/a': a, '/run/b': b, '/models/c': c, '/models/d': d }
  await place.scan(found, { lineage: { relations, lookAlikes: [] } })
  await agreed(place, sections)
  place.step()
  return place
}

/** What a rule of the charter says of `b`, at a site where one is named. */
async function verdict(
  place: LedgerPlace,
  rule: string,
  options: { model?: string; site?: string; asOf?: string } = {},
) {
  const { model = b, site, asOf = place.time() } = options
  const check = { now: place.signing.now, asOf }
  const { rules } = site ? await checkSite(site, place.location, check) : await checkModel(model, place.location, check)
  const found = rules.find(({ id }) => id === `charter/loans/${rule}`)
  return found && (found.applies === false ? 'does not apply' : found.verdict)
}

describe('changes under a charter', () => {
  const allowed = (...changes: object[]) => ({ changes: { allowed: changes } })
  const quantised = (bits?: number) => [made(b, [a], ['quantised'], bits === undefined ? {} : { bits })]
  const adapted = (rank: number, targets: string[]) => [made(b, [a], ['adapter-merged'], { rank, targets })]
  const onAttention = { kind: 'adapter-merged', rankAtMost: 16, on: ['attention'] }

  it.each<[string, Sections, Relation[], string]>([
    ['that are allowed', allowed({ kind: 'fine-tuned' }), [made(b, [a], ['fine-tuned'])], 'meets'],
    ['that nobody allowed', allowed({ kind: 'quantised' }), [made(b, [a], ['fine-tuned'])], 'departs'],
    ['where none is allowed', allowed(), [made(b, [a], ['fine-tuned'])], 'departs'],
    ['to another container are none', allowed(), [made(b, [a], ['converted'])], 'meets'],
    ['that nobody can name', allowed({ kind: 'fine-tuned' }), [made(b, [a], ['unclear'])], 'undecided'],
    ['quantised finely enough', allowed({ kind: 'quantised', bitsAtLeast: 4 }), quantised(4.5), 'meets'],
    ['quantised too coarsely', allowed({ kind: 'quantised', bitsAtLeast: 4 }), quantised(3.4), 'departs'],
    [
      'quantised to nobody knows how many bits',
      allowed({ kind: 'quantised', bitsAtLeast: 4 }),
      quantised(),
      'undecided',
    ],
    [
      'by an adapter within rank and place',
      allowed(onAttention),
      adapted(16, ['self_attn.q_proj', 'self_attn.v_proj']),
      'meets',
    ],
    ['by an adapter of too high a rank', allowed(onAttention), adapted(17, ['self_attn.q_proj']), 'departs'],
    ['by an adapter elsewhere', allowed(onAttention), adapted(8, ['self_attn.q_proj', 'mlp.up_proj']), 'departs'],
    ['of which one is not allowed', allowed({ kind: 'pruned' }), [made(b, [a], ['pruned', 'fine-tuned'])], 'departs'],
    [
      'two steps away',
      allowed({ kind: 'converted' }),
      [made(c, [a], ['fine-tuned']), made(b, [c], ['converted'])],
      'departs',
    ],
    [
      'before the charter’s model are not its matter',
      allowed(),
      [made(a, [c], ['fine-tuned']), made(b, [a], ['converted'])],
      'meets',
    ],
  ])('%s', async (_, sections, relations, expected) => {
    expect(await verdict(await estateWith(sections, relations), 'changes')).toBe(expected)
  })

  it.each([
    ['cc-by-nc-4.0', 'departs'],
    ['apache-2.0', 'meets'],
    [null, 'undecided'],
  ])('merged with a model under %s, where that must be commercial: %s', async (licence, expected) => {
    const place = await estateWith(allowed({ kind: 'merged', parents: 'commercial' }), [made(b, [a, c], ['merged'])])
    if (licence !== null) await place.record({ event: 'claimed', model: c, claims: [`licence=${licence}`] })
    expect(await verdict(place, 'changes')).toBe(expected)
  })

  it('merged with what came from a non-commercial model depart', async () => {
    const relations = [made(b, [a, c], ['merged']), made(c, [d], ['fine-tuned'])]
    const place = await estateWith(allowed({ kind: 'merged', parents: 'commercial' }), relations)
    await place.record({ event: 'claimed', model: c, claims: ['licence=apache-2.0'] })
    await place.record({ event: 'claimed', model: d, claims: ['licence=cc-by-nc-4.0'] })
    expect(await verdict(place, 'changes')).toBe('departs')
  })
})

describe('who has a model under a charter', () => {
  const sections = { holders: { allowed: ['Bank plc', 'team:Risk', 'person:Jane Doe'], confirmed: true } }

  it.each([
    ['Bank plc', 'meets'],
    ['bank  PLC', 'meets'],
    ['team:Risk', 'meets'],
    ['Risk', 'departs'],
    ['person:Jane Doe', 'meets'],
    ['Vendor Ltd', 'departs'],
  ])('%s: %s', async (to, expected) => {
    const place = await estateWith(sections)
    await place.record({ event: 'handed-over', model: b, to })
    expect(await verdict(place, 'holders')).toBe(expected)
  })

  it('is not decided while nobody is on record', async () => {
    expect(await verdict(await estateWith(sections), 'holders')).toBe('undecided')
  })

  it('departs by a hand-over that one end only has signed', async () => {
    const place = await estateWith(sections)
    await place.record({ event: 'handed-over', model: b, to: 'Bank plc' })
    expect(await verdict(place, 'hand-overs')).toBe('departs')
  })
})

describe('a use under a charter', () => {
  const sections = {
    uses: { purposes: ['credit scoring'], refused: ['hiring'], jurisdictions: ['EU', 'US'], groups: ['sex'] },
  }
  const used = async (more: { purpose?: string; jurisdiction?: string }) => {
    const place = await estateWith(sections)
    await place.record({ event: 'deployed', model: b, site: 'desk', place: '/run/b', ...more })
    return place
  }

  it.each([
    ['purposes', { purpose: 'Credit scoring' }, 'meets'],
    ['purposes', { purpose: 'chat' }, 'departs'],
    ['purposes', {}, 'undecided'],
    ['refused-purposes', { purpose: 'hiring of nurses' }, 'departs'],
    ['refused-purposes', { purpose: 'rehiring' }, 'meets'],
    ['jurisdictions', { jurisdiction: 'DE' }, 'meets'],
    ['jurisdictions', { jurisdiction: 'US-NY' }, 'meets'],
    ['jurisdictions', { jurisdiction: 'JP' }, 'departs'],
    ['jurisdictions', {}, 'undecided'],
    ['groups', {}, 'departs'],
  ])('%s, %j: %s', async (rule, more, expected) => {
    expect(await verdict(await used(more), rule, { site: 'desk' })).toBe(expected)
  })
})

describe('evidence, limits and ages', () => {
  it('evidence that is missing departs, and meets once entered', async () => {
    const place = await estateWith({ evidence: { build: ['evaluation', 'licence', 'origin'] } })
    const before = await verdict(place, 'evidence-build')
    await place.record({ event: 'evaluated', model: b, suite: 'quality' })
    await place.record({ event: 'claimed', model: b, claims: ['licence=mit'] })
    expect([before, await verdict(place, 'evidence-build')]).toEqual(['departs', 'meets'])
  })

  it('evidence of distribution is asked once others have it', async () => {
    const place = await estateWith({ evidence: { distribution: ['evaluation'] } })
    const before = await verdict(place, 'evidence-distribution')
    await place.record({ event: 'handed-over', model: b, to: 'Bank plc' })
    expect([before, await verdict(place, 'evidence-distribution')]).toEqual(['does not apply', 'departs'])
  })

  it('an age is counted in days, the last one included', async () => {
    const place = await estateWith({ limits: { evaluationAgeAtMostDays: 30 } })
    await place.record({ event: 'evaluated', model: b, suite: 'quality', at: '2026-01-01' })
    const on = (asOf: string) => verdict(place, 'evaluation-age', { asOf })
    expect([await on('2026-01-31'), await on('2026-02-01')]).toEqual(['meets', 'departs'])
  })

  it.each([
    [0.81, 'meets'],
    [0.79, 'departs'],
    [null, 'undecided'],
  ])('a least impact ratio of 0.8, with %s audited: %s', async (ratio, expected) => {
    const place = await estateWith({ limits: { impactRatioAtLeast: 0.8 } })
    const metrics = ratio === null ? [] : [`impactRatio=${ratio}`]
    await place.record({ event: 'audited', model: b, suite: 'bias', metrics })
    expect(await verdict(place, 'impact-ratio')).toBe(expected)
  })

  it('flips are asked of what was changed, and not known without a comparison', async () => {
    const place = await estateWith({ limits: { flipsAtMost: 0.02 } })
    expect([await verdict(place, 'flips'), await verdict(place, 'flips', { model: a })]).toEqual([
      'undecided',
      'does not apply',
    ])
  })
})

describe('incidents under a charter', () => {
  const sections = { incidents: { tellHoldersWithinDays: 3, measureAgain: true, stopUseFrom: 'high' } }
  const struck = async (severity: string) => {
    const place = await estateWith(sections)
    await place.record({ event: 'deployed', model: b, site: 'desk', place: '/run/b', actor: 'Bank plc' })
    await place.record({ event: 'incident', model: a, text: 'leak', severity })
    return place
  }

  it('what descends departs until it was measured again', async () => {
    const place = await struck('low')
    const before = await verdict(place, 'incidents')
    await place.record({ event: 'evaluated', model: b, suite: 'privacy' })
    expect([before, await verdict(place, 'incidents')]).toEqual(['departs', 'meets'])
  })

  it.each([
    ['high', 'departs'],
    ['medium', 'meets'],
  ])('one of severity %s stops use: %s', async (severity, expected) => {
    expect(await verdict(await struck(severity), 'stop-use', { site: 'desk' })).toBe(expected)
  })

  it('holders wait for notice no longer than agreed', async () => {
    const place = await struck('low')
    const on = (asOf: string) => verdict(place, 'tell-holders', { asOf })
    const before = [await on('2026-01-04'), await on('2026-01-05')]
    await recall({ model: a, notified: ['Bank plc'], language: 'en' }, place.location, place.signing)
    expect([...before, await on('2026-01-05')]).toEqual(['meets', 'departs', 'meets'])
  })
})

describe('which charter holds', () => {
  it('is the latest version that has begun on the day asked about', async () => {
    const place = await estateWith({ changes: { allowed: [] }, inForce: { from: '2026-01-01' } })
    await agreed(place, { changes: { allowed: [{ kind: 'fine-tuned' }] }, inForce: { from: '2026-03-01' } })
    const on = (asOf: string) => verdict(place, 'changes', { asOf })
    expect([await on('2026-02-28'), await on('2026-03-01')]).toEqual(['departs', 'meets'])
  })

  it('is none after its last day', async () => {
    const place = await estateWith({ changes: { allowed: [] }, inForce: { from: '2026-01-01', until: '2026-02-28' } })
    expect([
      await verdict(place, 'changes', { asOf: '2026-02-28' }),
      await verdict(place, 'changes', { asOf: '2026-03-01' }),
    ]).toEqual(['departs', undefined])
  })

  it('is none for a model that does not descend', async () => {
    expect(await verdict(await estateWith({ changes: { allowed: [] } }), 'changes', { model: d })).toBeUndefined()
  })

  it('is open for a model that may descend, and nothing is met by it', async () => {
    const open = { ...made(b, [a], ['fine-tuned']), direction: 'undetermined' as const }
    const place = await estateWith({ changes: { allowed: [{ kind: 'fine-tuned' }] } }, [open])
    expect(await verdict(place, 'holders')).toBeUndefined()
    const sections = { holders: { allowed: ['Bank plc'] }, limits: { evaluationAgeAtMostDays: 30 } }
    await agreed(place, sections)
    await place.record({ event: 'handed-over', model: b, to: 'Vendor Ltd' })
    expect([await verdict(place, 'holders'), await verdict(place, 'evaluation-age')]).toEqual([
      'undecided',
      'undecided',
    ])
  })
})

it('a departure names who acts, and by which day', async () => {
  const contacts = [
    { name: 'Anybody', withinDays: 30 },
    { name: 'Model owner', for: ['changes'], withinDays: 5 },
  ]
  const place = await estateWith({ changes: { allowed: [] }, contacts })
  const { rules } = await checkModel(b, place.location, { now: place.signing.now })
  expect(rules.find(({ id }) => id === 'charter/loans/changes')).toMatchObject({ who: 'Model owner', by: '2026-01-06' })
})

it('a pack that a charter names and that there is not leaves open whether the model is as agreed', async () => {
  expect(await verdict(await estateWith({ rules: ['eu-ai-akt'] }), 'rules')).toBe('undecided')
})
