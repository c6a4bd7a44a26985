import { type CoremlFile, coremlFile } from './coreml-file.ts'
import { addProgramWeights } from './coreml-list.ts'
import { addNetwork } from './coreml-network.ts'
import { readProgram } from './coreml-program.ts'
import { MAX_NAME_BYTES } from './limits.ts'
import type { Reader } from './model-file.ts'
import { fieldsOf, inside, type Message, textOf, wholeFile, wireOf } from './protobuf.ts'
import { readError } from './read-error.ts'

/** By name: the protobuf inside begins like many others, with a version. */
export function looksLikeCoreml(name: string, head: Uint8Array): boolean {
  return /\.mlmodel$/i.test(name) && head[0] === VERSION_TAG
}

const VERSION_TAG = 0x08

/** Fields of a Model (Model.proto of coremltools). */
const PIPELINE = 202
const PIPELINES = new Set([200, 201])
const NETWORKS = new Set([303, 403, 500])
const PROGRAM = 502
const CUSTOM_MODEL = 555

/**
 * Reads a Core ML model: neural networks, alone or in a pipeline, and ML programs with their weights in `weights/weight.bin`
 * beside. Throws `truncated`, `malformed`, `limit`, `unsupported`, and what `siblings.open` throws.
 */
export const readCoreml: Reader = (source, siblings) => {
  const model = coremlFile(wireOf(source), siblings)
  try {
    addModel(model, wholeFile(source), '')
    if (model.tensors.length === 0 && model.findings.length === 0)
      throw readError(source.path, 'unsupported', { what: 'Core ML model', value: 'without a neural network' })
    const { files, tensors, findings } = model
    return { format: 'coreml', files, tensors, findings }
  } catch (error) {
    for (const opened of model.files.slice(1)) opened.close()
    throw error
  }
}

function addModel(model: CoremlFile, message: Message, prefix: string): void {
  const { wire } = model
  for (const field of fieldsOf(wire, message, 'model')) {
    if (field.number < 200) continue
    const inner = () => inside(wire, message, field, 'model')
    if (PIPELINES.has(field.number)) addWrapped(model, inner(), prefix)
    if (field.number === PIPELINE) addPipeline(model, inner(), prefix)
    if (NETWORKS.has(field.number)) addNetwork(model, inner(), prefix)
    if (field.number === PROGRAM) addProgramWeights(model, readProgram(model, inner()))
    if (field.number === CUSTOM_MODEL) reportCustom(model, inner())
  }
}

/** A pipeline that classifies or predicts wraps a plain one. */
function addWrapped(model: CoremlFile, message: Message, prefix: string): void {
  for (const field of fieldsOf(model.wire, message, 'pipeline'))
    if (field.number === 1) addPipeline(model, inside(model.wire, message, field, 'pipeline'), prefix)
}

function addPipeline(model: CoremlFile, message: Message, prefix: string): void {
  let number = 0
  for (const field of fieldsOf(model.wire, message, 'pipeline'))
    if (field.number === 1) addModel(model, inside(model.wire, message, field, 'model'), `${prefix}${number++}/`)
}

/** A model that is a class of the app that loads it. */
function reportCustom(model: CoremlFile, message: Message): void {
  let name = ''
  for (const field of fieldsOf(model.wire, message, 'custom model'))
    if (field.number === 10) name = textOf(model.wire, field, MAX_NAME_BYTES, 'class name')
  const text = `The model is computed by a class of the app, ${name.slice(0, 200)}.`
  model.findings.push({ code: 'custom-layer', severity: 'medium', message: text })
}
