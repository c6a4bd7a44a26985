import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tellStory, writeModels } from '../../demo/story.mjs'
import { asSafetensors, published, tuned } from '../../demo/story-models.mjs'
import { openDatabase } from '../../src/store/estate.ts'
import { recordModels } from '../../src/store/models.ts'
import { addRelations } from '../../src/store/relations.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/yukue.js', import.meta.url))
const run = promisify(execFile)

/** What would run, were it taken for markup. */
export const HOSTILE = '<img src=x onerror=alert(1)>'
export const HOSTILE_SCRIPT = '<script>alert(2)</script>'

/** Runs a command that is to succeed; 1 is a finding. */
async function yukue(args: string[], estate: string): Promise<string> {
  try {
    return (await run(process.execPath, [PROGRAM, ...args, '--estate', estate])).stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    if (code === 1) return stdout
    throw new Error(`yukue ${args.join(' ')}: ${stderr}`)
  }
}

/** The story of the demo, a comparison of answers, and whatever names an attacker could choose. */
export async function storyEstate(folder: string): Promise<string> {
  const estate = join(folder, 'estate')
  const models = writeModels(folder)
  await tellStory(estate, models, yukue, () => {})
  const [parent, child] = predictions(folder)
  await yukue(
    [
      ...[
        'compare',
        '--predictions',
        parent,
        child,
        '--key',
        'id',
        '--prediction',
        'label',
        '--truth',
        'truth',
        '--group',
        'sex',
      ],
      ...['--record', '--record-model', join(models, 'bank', 'assistant-q8.gguf'), '--record-parent', 'assistant'],
      ...['--record-site', 'mortgage-boston'],
    ],
    estate,
  )
  await hostile(folder, estate)
  return estate
}

/** Made-up answers of two models to the same 400 inputs, of which one in ten changed, more of them for one group. */
function predictions(folder: string): [string, string] {
  const rows = Array.from({ length: 400 }, (_, id) => {
    const [sex, truth] = [id % 2 === 0 ? 'F' : 'M', id % 3 === 0 ? 'yes' : 'no']
    const changed = id % (sex === 'F' ? 7 : 20) === 0
    return { id, sex, truth, before: truth, after: changed ? (truth === 'yes' ? 'no' : 'yes') : truth }
  })
  const write = (name: string, label: 'before' | 'after'): string => {
    const path = join(folder, name)
    const lines = rows.map((row) => `${row.id},${row[label]},${row.truth},${row.sex}`)
    writeFileSync(path, `id,label,truth,sex\n${lines.join('\n')}\n`)
    return path
  }
  return [write('before.csv', 'before'), write('after.csv', 'after')]
}

async function hostile(folder: string, estate: string): Promise<void> {
  const path = join(folder, 'hostile', `${HOSTILE}.safetensors`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, asSafetensors(tuned(published(), 99, 0.05)))
  await yukue(['scan', dirname(path)], estate)
  await yukue(
    [
      ...['record', 'deployed', path, '--site', HOSTILE_SCRIPT, '--actor', HOSTILE, '--purpose', HOSTILE_SCRIPT],
      ...['--jurisdiction', HOSTILE, '--note', HOSTILE_SCRIPT, '--role', 'deployer', '--place', dirname(path)],
    ],
    estate,
  )
  await yukue(['record', 'incident', path, '--severity', 'low', '--text', HOSTILE_SCRIPT], estate)
  await yukue(['record', 'claimed', path, '--claim', `licence=${HOSTILE}`], estate)
}

/** What is handed in through the pages, as files. */
export interface Papers {
  /** A print of a model that the estate does not know. */
  print: string
  /** A statement signed by a key that the estate knows. */
  statement: string
  /** 240 decisions: of the women's one in two favourable, of the men's three in four. */
  decisions: string
}

/** Two models, one of them in a bank's hands and with an incident; and what others would hand in. */
export async function writtenEstate(folder: string): Promise<{ estate: string; papers: Papers }> {
  const estate = join(folder, 'estate')
  const supplier = join(folder, 'supplier')
  const models = writeModels(folder)
  const published = join(models, 'vendor', 'assistant.safetensors')
  const delivered = join(models, 'bank', 'assistant-q8.gguf')
  await yukue(['scan', published, join(models, 'recruiter')], estate)
  await yukue(['record', 'handed-over', 'assistant', '--to', 'Bank plc'], estate)
  await yukue(['record', 'incident', 'assistant', '--severity', 'high', '--text', 'It repeats addresses'], estate)
  const [print, statement] = [join(folder, 'delivered.yukueprint'), join(folder, 'evaluated.json')]
  await yukue(['print', delivered, '--share', '-o', print], supplier)
  await yukue(['scan', published], supplier)
  await yukue(['key', 'new', 'supplier', '--actor', 'Supplier KK'], supplier)
  const { own } = JSON.parse(await yukue(['key', 'show', '--json'], supplier)) as {
    own: { name: string; key: string }[]
  }
  const { key } = own.find(({ name }) => name === 'supplier')!
  await yukue(['key', 'trust', key, '--actor', 'Supplier KK'], estate)
  await yukue(
    ['record', 'evaluated', 'assistant', '--suite', 'safety', '--key', 'supplier', '--out', statement],
    supplier,
  )
  return { estate, papers: { print, statement, decisions: decisions(folder) } }
}

function decisions(folder: string): string {
  const path = join(folder, 'decisions.csv')
  const rows = Array.from({ length: 240 }, (_, id) => {
    const [sex, among] = [id % 2 === 0 ? 'F' : 'M', Math.floor(id / 2) % 4]
    return `${id},${sex},${among < (sex === 'F' ? 2 : 3) ? 'yes' : 'no'}`
  })
  writeFileSync(path, `id,sex,approved\n${rows.join('\n')}\n`)
  return path
}

/** Tokens of each role; from then on reading takes one too. */
export async function tokensOf(estate: string): Promise<Record<'reader' | 'recorder' | 'steward', string>> {
  const make = async (role: string) => {
    const printed = await yukue(['token', 'new', role, '--role', role], estate)
    return /yukue_[\w-]+/.exec(printed)![0]
  }
  return { reader: await make('reader'), recorder: await make('recorder'), steward: await make('steward') }
}

export const HUB_CHILDREN = 5_000
const TIME = '2026-01-01T00:00:00.000Z'

const idOf = (number: number) => `blake3:${hash('sha256', `hub ${number}`)}`
export const HUB = idOf(0)

/** One model from which 5,000 were made, written into the estate as a scan would. */
export async function hubEstate(estate: string): Promise<string> {
  // a log, so that there is something that the models are on record since
  await yukue(['key', 'new', 'maker', '--actor', 'Maker Ltd'], estate)
  const database = await openDatabase(estate)
  const numbers = Array.from({ length: HUB_CHILDREN + 1 }, (_, number) => number)
  try {
    await database.write(async (db) => {
      await recordModels(
        db,
        numbers.map((number) => ({
          id: idOf(number),
          name: number === 0 ? 'hub' : `made-${number}`,
          parameters: 7_000_000_000,
          tensors: 200,
          dtypes: { float16: 200 },
          quantisation: null,
          origin: 'scanned' as const,
        })),
        1,
      )
      await addRelations(
        db,
        numbers.slice(1).map((number) => ({
          relation: {
            child: idOf(number),
            parents: [{ id: HUB, weight: null }],
            changes: ['fine-tuned' as const],
            direction: 'known' as const,
            status: 'inferred' as const,
            p: 1e-300,
            similarity: 0.99,
            details: {},
          },
          position: number,
          foundAt: TIME,
        })),
        1,
      )
    })
  } finally {
    await database.close()
  }
  return estate
}
