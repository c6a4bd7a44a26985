import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { asGgufQ8, asSafetensors, published, tuned } from './story-models.mjs'

/** @typedef {{ does: string, run: string[], writes?: string }} Step */
/** @typedef {(args: string[]) => Promise<void>} Command */

const DATA = join(dirname(fileURLToPath(import.meta.url)), 'data')

/** Days before the demo was first started: the story is as old wherever it is told. */
const DAY_MS = 86_400_000

/**
 * Writes the models of the story, unless they are there. The integrator's delivery is the vendor's model, tuned and quantised; the
 * recruiter tuned it for another purpose and says so.
 *
 * @param {string} cache
 * @returns {string} the folder with one folder a party
 */
export function writeModels(cache) {
  const folder = join(cache, 'story')
  /** @type {Record<string, () => Buffer>} */
  const models = {
    'vendor/assistant.safetensors': () => asSafetensors(published()),
    'bank/assistant.gguf': () => asGgufQ8(tuned(published(), 7, 0.03)),
    'recruiter/screener.safetensors': () => asSafetensors(tuned(published(), 11, 0.05)),
  }
  for (const [name, bytes] of Object.entries(models)) {
    const path = join(folder, name)
    if (existsSync(path)) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes())
  }
  return folder
}

/**
 * Records what the parties did, each signing with a key of its own, as commands that anybody could type. A story that was broken off
 * goes on where it stopped.
 *
 * @param {string} estate
 * @param {string} models as `writeModels` returns it
 * @param {Command} command runs yukue over the estate
 * @param {(line: string) => void} say
 */
export async function tellStory(estate, models, command, say) {
  const bookmark = join(estate, 'demo-story.json')
  const { done, began } = existsSync(bookmark)
    ? /** @type {{ done: number, began: number }} */ (JSON.parse(readFileSync(bookmark, 'utf8')))
    : { done: 0, began: Date.now() }
  const steps = stepsOf(models, join(estate, 'demo-story'), began)
  mkdirSync(join(estate, 'demo-story'), { recursive: true })
  for (const [index, { does, run, writes }] of steps.entries()) {
    if (index < done) continue
    say(`story ${index + 1}/${steps.length}: ${does}`)
    if (writes !== undefined) rmSync(writes, { force: true })
    await command(run)
    writeFileSync(bookmark, `${JSON.stringify({ done: index + 1, began })}\n`)
  }
}

/**
 * @param {string} models
 * @param {string} papers where files go from hand to hand
 * @param {number} began milliseconds since 1970
 * @returns {Step[]}
 */
function stepsOf(models, papers, began) {
  const assistant = join(models, 'vendor', 'assistant.safetensors')
  const delivered = join(models, 'bank', 'assistant.gguf')
  const screener = join(models, 'recruiter', 'screener.safetensors')
  const [offer, receipt] = [join(papers, 'assistant.offer.json'), join(papers, 'assistant.receipt.json')]
  /** @param {number} days */
  const ago = (days) => ['--at', new Date(began - days * DAY_MS).toISOString().slice(0, 10)]
  /** @param {string} name @param {string} actor @param {string} role @returns {Step} */
  const key = (name, actor, role) => {
    return { does: `a key for ${actor}`, run: ['key', 'new', name, '--actor', actor, '--role', role] }
  }
  return [
    key('vendor', 'Vendor Ltd', 'developer'),
    key('integrator', 'Integrator KK', 'provider'),
    key('bank', 'Bank plc', 'deployer'),
    key('recruiter', 'Recruiter Inc', 'deployer'),
    {
      does: 'the vendor makes the assistant',
      run: ['record', 'created', assistant, ...ago(240), '--key', 'vendor'],
    },
    {
      does: 'the vendor says what it is',
      run: [
        'record',
        'claimed',
        assistant,
        '--claim',
        'quantisation=none',
        '--claim',
        'licence=apache-2.0',
        ...ago(240),
        '--key',
        'vendor',
      ],
    },
    {
      does: 'the vendor has it evaluated',
      run: [
        'record',
        'evaluated',
        assistant,
        '--suite',
        'credit-qa',
        '--metric',
        'accuracy=0.91',
        ...ago(235),
        '--key',
        'vendor',
      ],
    },
    {
      does: 'the vendor hands it to the integrator',
      run: ['record', 'offer', assistant, '--to', 'Integrator KK', ...ago(200), '--key', 'vendor', '-o', offer],
      writes: offer,
    },
    {
      does: 'the integrator signs for it',
      run: ['record', 'receipt', offer, '--key', 'integrator', '-o', receipt],
      writes: receipt,
    },
    {
      does: 'the integrator delivers to the bank, and only the integrator signs',
      run: [
        'record',
        'handed-over',
        delivered,
        '--from',
        'Integrator KK',
        '--to',
        'Bank plc',
        ...ago(150),
        '--key',
        'integrator',
      ],
    },
    {
      does: 'the integrator claims that nothing was done to it',
      run: [
        'record',
        'claimed',
        delivered,
        '--claim',
        'quantisation=none',
        '--claim',
        'base=assistant',
        ...ago(150),
        '--key',
        'integrator',
      ],
    },
    {
      does: 'the bank approves the vendor’s model for mortgage decisions',
      run: [
        ...['record', 'deployed', assistant, '--site', 'mortgage-boston', '--actor', 'Bank plc', '--role', 'deployer'],
        ...['--purpose', 'mortgage decisions', '--jurisdiction', 'US', '--place', join(models, 'bank'), ...ago(140)],
        ...['--note', 'Demo: published decisions of 1990 stand in for the log of this site', '--key', 'bank'],
      ],
    },
    {
      does: 'the recruiter tunes it and says so',
      run: ['record', 'claimed', screener, '--claim', 'base=assistant', ...ago(120), '--key', 'recruiter'],
    },
    {
      does: 'the recruiter screens résumés with it',
      run: [
        ...[
          'record',
          'deployed',
          screener,
          '--site',
          'hiring-chicago',
          '--actor',
          'Recruiter Inc',
          '--role',
          'deployer',
        ],
        ...['--purpose', 'résumé screening', '--jurisdiction', 'US', '--place', join(models, 'recruiter'), ...ago(110)],
        ...[
          '--note',
          'Demo: a published field experiment of 2001–2 stands in for the log of this site',
          '--key',
          'recruiter',
        ],
      ],
    },
    {
      does: 'the bank’s decisions are audited (real: HMDA, Boston 1990)',
      run: [
        ...[
          'audit',
          join(DATA, 'hmda.csv'),
          '--decision',
          'deny',
          '--favourable',
          'no',
          '--group',
          'afam',
          '--group',
          'single',
        ],
        ...['--record', '--record-model', delivered, '--record-site', 'mortgage-boston', '--record-key', 'bank'],
      ],
    },
    {
      does: 'the recruiter’s decisions are audited (real: the résumé experiment of 2001–2)',
      run: [
        ...['audit', join(DATA, 'resume_names.csv'), '--decision', 'call', '--favourable', 'yes'],
        ...['--group', 'ethnicity', '--group', 'gender'],
        ...['--record', '--record-model', screener, '--record-site', 'hiring-chicago', '--record-key', 'recruiter'],
      ],
    },
    {
      does: 'a charter is agreed for the assistant and what is made from it',
      run: ['charter', 'record', join(DATA, 'assistant-charter.yaml'), '--key', 'bank'],
    },
    {
      does: 'the vendor reports an incident',
      run: [
        ...['record', 'incident', assistant, '--severity', 'medium', '--key', 'vendor', ...ago(5)],
        ...['--text', 'Answers in long conversations repeat parts of earlier ones'],
      ],
    },
  ]
}
