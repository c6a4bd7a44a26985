import { expect, it } from 'vitest'
import { closeArtifact, openArtifact, realFiles } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { readBytes } from '../../src/read/source.ts'
import { folder } from '../builders/folder.ts'
import { counted, oneWeight, TYPE } from '../builders/tflite.ts'

const model = oneWeight({ shape: [2, 3], type: TYPE.f32, data: counted(6) })
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const found = (name: string, bytes: Uint8Array) => discover([folder({ [name]: bytes })], [])
const paths = (name: string, bytes: Uint8Array) => found(name, bytes).candidates.map(({ path }) => path)

it('finds models one after the other', () => {
  expect(paths('pack.data', joined(model, model))).toEqual(['pack.data!/offset-0', `pack.data!/offset-${model.length}`])
})

it.each(['data', 'task', 'binarypb', 'tflite'])('finds a model behind something else in a .%s file', (ending) => {
  const bytes = joined(new TextEncoder().encode('graph {'), model)
  expect(paths(`pack.${ending}`, bytes)).toEqual([`pack.${ending}!/offset-7`])
})

it('reads a model from where it begins to the next one', () => {
  const artifact = openArtifact(found('pack.data', joined(model, model)).candidates[0]!)
  const [{ file } = { file: null }] = realFiles(artifact)
  expect(readBytes(file!, 0, file!.size, 'file')).toEqual(model)
  closeArtifact(artifact)
})

it('takes a model alone for itself', () => {
  expect(paths('m.tflite', model)).toEqual(['m.tflite'])
})

it('takes no text that mentions the identifier for a model', () => {
  expect(
    found('notes.data', new TextEncoder().encode('They begin with TFL3, after four bytes. '.repeat(9))),
  ).toMatchObject({
    candidates: [],
    problems: [],
  })
})

it('takes nothing for a model that only begins like one', () => {
  expect(paths('pack.data', joined(new Uint8Array(16), model.slice(0, 40)))).toEqual([])
})

it('looks into no file of another name', () => {
  expect(paths('pack.bin', joined(new Uint8Array(16), model))).toEqual([])
})

it('finds an identifier that lies across two pieces of reading', () => {
  const before = new Uint8Array(1024 * 1024 - 6)
  expect(paths('pack.data', joined(before, model))).toEqual([`pack.data!/offset-${before.length}`])
})
