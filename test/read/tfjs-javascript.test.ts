import { describe, expect, it } from 'vitest'
import { discover } from '../../src/read/discover.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTfjs } from '../../src/read/tfjs.ts'
import { readTfjsModules } from '../../src/read/tfjs-javascript.ts'
import { folder } from '../builders/folder.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { problemOf } from '../builders/problems.ts'
import { counting } from '../builders/safetensors.ts'
import { tensorValues } from '../builders/values.ts'

const bytes = counting(400)
const base64 = Buffer.from(bytes).toString('base64')
const manifest = '[{paths:["shard"],weights:[{name:"w",shape:[20,20],dtype:"float32"}]}]'
const shard = `export default "${base64}"`

/** How bundlers write a model, with and without names for its parts. */
const MODULES = {
  'an object': `module.exports={modelTopology:{a:!1,b:[1e-3,.5,-2,null,void 0],"c d":'x'},weightsManifest:${manifest}}`,
  'parts with names': `var n={a:!0},i=${manifest},l={modelTopology:n,weightsManifest:i};export{l as default};`,
  JSON: `export default ${JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths: ['shard'], weights: [{ name: 'w', shape: [20, 20], dtype: 'float32' }] }] })}`,
}

const text = (content: string) => new TextEncoder().encode(content)
const read = (model: string, files: Record<string, string> = { 'shard.js': shard }) =>
  readTfjsModules(
    memorySource('model.js', text(model)),
    memorySiblings(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, text(content)]))),
  )
const refused = (model: string, files?: Record<string, string>) => problemOf(() => read(model, files)).code

describe('a TensorFlow.js model in JavaScript', () => {
  it.each(Object.entries(MODULES))('is read from %s', (_, module) => {
    const model = read(module)
    const json = text(
      '{"weightsManifest":[{"paths":["shard"],"weights":[{"name":"w","shape":[20,20],"dtype":"float32"}]}]}',
    )
    const plain = readTfjs(memorySource('model.json', json), memorySiblings({ shard: bytes }))
    expect(tensorValues(model, model.tensors[0]!)).toEqual(tensorValues(plain, plain.tensors[0]!))
  })

  it.each(['.min.js', '.js', '.mjs', '.cjs'])('has its shards in modules ending in %s', (ending) => {
    expect(read(MODULES['an object'], { [`shard${ending}`]: shard }).tensors).toHaveLength(1)
  })

  it.each([
    ['single quotes', `module.exports='${base64}'`],
    ['another string before', `var a="${'A'.repeat(40)}";export default "${base64}"`],
    ['much code around', `${'f("x");'.repeat(20_000)}export default "${base64}"${';g()'.repeat(20_000)}`],
  ])('has its weights in %s', (_, module) => {
    const model = read(MODULES['an object'], { 'shard.js': module })
    expect(tensorValues(model, model.tensors[0]!)[399]).toBe(399)
  })

  it('has the modules as its files, and what they decode to as none', () => {
    expect(read(MODULES['an object']).files.map(({ path, virtual }) => [path, virtual ?? false])).toEqual([
      ['model.js', false],
      ['shard.js!/shard', true],
      ['shard.js', false],
    ])
  })

  it('is found by its name and contents', () => {
    const files = { 'model.min.js': MODULES['an object'], 'shard.min.js': shard }
    expect(discover([folder(files)], []).candidates).toMatchObject([{ path: 'model.min.js', format: 'tfjs' }])
  })
})

describe('other JavaScript', () => {
  it.each([
    'export class Model { get weightsManifest() { return this.weightsManifest } }',
    'const weightsManifest = await load(); weightsManifest: {}',
    `const x = {weightsManifest: ${'['.repeat(100_000)}`,
  ])('is no model', (module) => {
    expect(discover([folder({ 'model.js': module })], [])).toMatchObject({ candidates: [], problems: [] })
  })

  it('is refused without a literal', () => {
    expect(refused('weightsManifest = process.exit(1)')).toBe('malformed')
  })

  it('is refused when a key stands twice', () => {
    expect(refused(`x={weightsManifest:[{paths:[],paths:["shard"],weights:[]}]}`)).toBe('malformed')
  })

  it('is refused when a shard is not there', () => {
    expect(refused(MODULES['an object'], {})).toBe('missing-file')
  })

  it('is refused when a shard holds no base64', () => {
    expect(refused(MODULES['an object'], { 'shard.js': 'export default fetch("x")' })).toBe('malformed')
  })

  it('is refused when something else stands between two ends of base64', () => {
    const broken = `export default "${base64.slice(0, 1_400)}\\x41 ${base64.slice(1_406)}"`
    expect(
      problemOf(() => {
        const model = read(MODULES['an object'], { 'shard.js': broken })
        tensorValues(model, model.tensors[0]!)
      }).code,
    ).toBe('malformed')
  })

  it('cannot change what objects are', () => {
    const hostile = MODULES['an object'].replace(
      'a:!1',
      '__proto__:{polluted:!0},constructor:{prototype:{polluted:!0}}',
    )
    read(hostile)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
