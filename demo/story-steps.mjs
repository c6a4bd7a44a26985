import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {'vendor' | 'integrator' | 'auditor' | 'bank'} Party Whose estate a command runs over. */
/** @typedef {{ does: string, at: Party, run: string[], writes?: string }} Step */

const DATA = join(dirname(fileURLToPath(import.meta.url)), 'data')

const DAY_MS = 86_400_000

/**
 * The story as commands: docs/walk-through.md, and what came of it. Days count back from when it was first told.
 *
 * @param {string} models
 * @param {string} papers where files go from hand to hand
 * @param {number} began milliseconds since 1970
 * @returns {Step[]}
 */
export function stepsOf(models, papers, began) {
  /** @param {number} days */
  const ago = (days) => ['--at', new Date(began - days * DAY_MS).toISOString().slice(0, 10)]
  /** @param {string} name */
  const paper = (name) => join(papers, name)
  return [
    ...atVendor(join(models, 'vendor', 'assistant.safetensors'), paper, ago),
    ...atBank(models, paper, ago),
    ...measured(models),
    ...witnessed(paper),
  ]
}

/**
 * The vendor makes the assistant and hands it to the integrator; both sign.
 *
 * @param {string} assistant
 * @param {(name: string) => string} paper
 * @param {(days: number) => string[]} ago
 * @returns {Step[]}
 */
function atVendor(assistant, paper, ago) {
  const [offer, receipt] = [paper('assistant.offer.json'), paper('assistant.receipt.json')]
  const passport = paper('assistant.yukuepassport')
  const release = ['--key', 'release']
  return [
    { does: 'the vendor has a model', at: 'vendor', run: ['scan', dirname(assistant)] },
    newKey('release', 'Vendor Ltd', 'developer', 'vendor'),
    keysOf('vendor'),
    {
      does: 'the vendor made it',
      at: 'vendor',
      run: ['record', 'created', assistant, ...ago(240), ...release],
    },
    {
      does: 'the vendor says what it is',
      at: 'vendor',
      run: [
        ...['record', 'claimed', assistant, '--claim', 'quantisation=none', '--claim', 'licence=apache-2.0'],
        ...[...ago(240), ...release],
      ],
    },
    {
      does: 'the vendor has evaluated it',
      at: 'vendor',
      run: [
        ...['record', 'evaluated', assistant, '--suite', 'credit-qa', '--metric', 'accuracy=0.91'],
        ...[...ago(235), ...release],
      ],
    },
    {
      does: 'the vendor hands it to the integrator',
      at: 'vendor',
      run: ['record', 'offer', assistant, '--to', 'Integrator KK', ...ago(200), ...release, '-o', offer],
      writes: offer,
    },
    newKey('integrator', 'Integrator KK', 'provider', 'integrator'),
    keysOf('integrator'),
    trust(paper('release.pub'), 'Vendor Ltd', 'integrator'),
    {
      does: 'the integrator signs for it',
      at: 'integrator',
      run: ['record', 'receipt', offer, '--key', 'integrator', '-o', receipt],
      writes: receipt,
    },
    trust(paper('integrator.pub'), 'Integrator KK', 'vendor'),
    { does: 'the vendor takes the receipt', at: 'vendor', run: ['record', 'receipt', receipt] },
    {
      does: 'the vendor writes a passport for it',
      at: 'vendor',
      run: ['passport', assistant, ...release, '--leave-out', 'observed', '-o', passport],
      writes: passport,
    },
  ]
}

/**
 * The bank gets another model than it approved; a recruiter uses one made from the same.
 *
 * @param {string} models
 * @param {(name: string) => string} paper
 * @param {(days: number) => string[]} ago
 * @returns {Step[]}
 */
function atBank(models, paper, ago) {
  const delivered = join(models, 'bank', 'assistant-q8.gguf')
  const screener = join(models, 'recruiter', 'screener.safetensors')
  const [bank, recruiter] = [
    ['--key', 'bank'],
    ['--key', 'recruiter'],
  ]
  return [
    newKey('bank', 'Bank plc', 'deployer', 'bank'),
    newKey('recruiter', 'Recruiter Inc', 'deployer', 'bank'),
    trust(paper('integrator.pub'), 'Integrator KK', 'bank'),
    trust(paper('release.pub'), 'Vendor Ltd', 'bank'),
    {
      does: 'the bank takes over the passport',
      at: 'bank',
      run: ['passport', '--import', paper('assistant.yukuepassport'), '--key', paper('release.pub')],
    },
    {
      does: 'the bank scans what the integrator delivered',
      at: 'bank',
      run: ['scan', dirname(delivered), dirname(screener)],
    },
    {
      does: 'the bank records the delivery; the integrator has not signed it',
      at: 'bank',
      run: ['record', 'handed-over', delivered, '--from', 'Integrator KK', '--to', 'Bank plc', ...ago(150), ...bank],
    },
    {
      does: 'the delivery’s card claims that nothing was done to it',
      at: 'bank',
      run: [
        ...['record', 'claimed', delivered, '--claim', 'quantisation=none', '--claim', 'base=assistant'],
        ...['--source', 'card', ...ago(150), ...bank],
      ],
    },
    {
      does: 'the bank approves the vendor’s model for mortgage decisions',
      at: 'bank',
      run: [
        ...['record', 'deployed', 'assistant', '--site', 'mortgage-boston', '--actor', 'Bank plc'],
        ...['--role', 'deployer', '--purpose', 'mortgage decisions', '--jurisdiction', 'US', ...ago(140)],
        ...['--place', dirname(delivered), ...bank],
        ...['--note', 'Demo: published decisions of 1990 stand in for the log of this site'],
      ],
    },
    {
      does: 'a recruiter says what its model was made from',
      at: 'bank',
      run: ['record', 'claimed', screener, '--claim', 'base=assistant', ...ago(120), ...recruiter],
    },
    {
      does: 'the recruiter screens résumés with it',
      at: 'bank',
      run: [
        ...['record', 'deployed', screener, '--site', 'hiring-chicago', '--actor', 'Recruiter Inc'],
        ...['--role', 'deployer', '--purpose', 'résumé screening', '--jurisdiction', 'US', ...ago(110)],
        ...['--place', dirname(screener), ...recruiter],
        ...['--note', 'Demo: a published field experiment of 2001–2 stands in for the log of this site'],
      ],
    },
  ]
}

/**
 * Real decisions are audited, a charter is agreed that they depart from, and something goes wrong.
 *
 * @param {string} models
 * @returns {Step[]}
 */
function measured(models) {
  return [
    {
      does: 'the bank’s decisions are audited (published data: Boston 1990)',
      at: 'bank',
      run: [
        ...['audit', join(DATA, 'hmda.csv'), '--decision', 'deny', '--favourable', 'no'],
        ...['--group', 'afam', '--group', 'single', '--record', '--record-site', 'mortgage-boston'],
        ...['--record-model', join(models, 'bank', 'assistant-q8.gguf'), '--key', 'bank'],
      ],
    },
    {
      does: 'the recruiter’s decisions are audited (published data: a field experiment of 2001–2)',
      at: 'bank',
      run: [
        ...['audit', join(DATA, 'resume_names.csv'), '--decision', 'call', '--favourable', 'yes'],
        ...['--group', 'ethnicity', '--group', 'gender', '--record', '--record-site', 'hiring-chicago'],
        ...['--record-model', join(models, 'recruiter', 'screener.safetensors'), '--key', 'recruiter'],
      ],
    },
    {
      does: 'a charter is agreed for the assistant and what is made from it',
      at: 'bank',
      run: ['charter', 'record', join(DATA, 'assistant-charter.yaml'), '--key', 'bank'],
    },
    {
      does: 'another is agreed for the model that screens résumés',
      at: 'bank',
      run: ['charter', 'record', join(DATA, 'hiring-charter.yaml'), '--key', 'recruiter'],
    },
    {
      does: 'an incident is reported',
      at: 'bank',
      run: [
        ...['record', 'incident', join(models, 'bank', 'assistant-q8.gguf'), '--severity', 'medium', '--key', 'bank'],
        ...['--text', 'Answers in long conversations repeat parts of earlier ones'],
      ],
    },
  ]
}

/**
 * An auditor who keeps no other record cosigns the head of the bank's log.
 *
 * @param {(name: string) => string} paper
 * @returns {Step[]}
 */
function witnessed(paper) {
  const [request, cosigned] = [paper('request.txt'), paper('cosigned.txt')]
  return [
    newKey('auditor', 'Audit Office', 'provider', 'auditor'),
    keysOf('auditor'),
    keysOf('bank'),
    trust(paper('auditor.pub'), 'Audit Office', 'bank', 'witness'),
    trust(paper('estate.pub'), 'Bank plc', 'auditor', 'log'),
    {
      does: 'the bank asks the auditor to witness its log',
      at: 'bank',
      run: ['witness', 'request', '--from', '0', '-o', request],
      writes: request,
    },
    {
      does: 'the auditor cosigns',
      at: 'auditor',
      run: ['witness', 'cosign', request, '--key', 'auditor', '-o', cosigned],
      writes: cosigned,
    },
    { does: 'the bank keeps the cosignature', at: 'bank', run: ['witness', 'accept', cosigned] },
  ]
}

/** @param {string} name @param {string} actor @param {string} role @param {Party} at @returns {Step} */
function newKey(name, actor, role, at) {
  return { does: `a key for ${actor}`, at, run: ['key', 'new', name, '--actor', actor, '--role', role] }
}

/** @param {Party} at @returns {Step} */
function keysOf(at) {
  return { does: `the keys of the ${at} as others are given them`, at, run: ['key', 'show', '--json'] }
}

/** @param {string} key @param {string} actor @param {Party} at @param {string} [use] @returns {Step} */
function trust(key, actor, at, use = 'signer') {
  return {
    does: `the ${at} takes on the key of ${actor}`,
    at,
    run: ['key', 'trust', key, '--actor', actor, '--use', use],
  }
}
