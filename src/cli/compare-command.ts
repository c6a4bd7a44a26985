import { numberFrom, wholeFrom } from '../app/audit-options.ts'
import { type CompareProgress, compareModels, comparePredictions, isEndpoint } from '../app/compare.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { renderComparePage } from '../report/compare-page.ts'
import { renderCompareText } from '../report/compare-text.ts'
import { chooseLanguage, type Language, type Translate } from '../report/language.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { textOptions, writeJson, writePage } from './output.ts'
import { isToBeRecorded, type RecordFlags, recordedFrom, sayRecorded, withRecorded } from './recorded.ts'
import type { Output } from './streams.ts'

export interface CompareFlags extends CommonOptions {
  predictions?: string[]
  inputs?: string
  key?: string
  prediction?: string
  truth?: string
  group?: string[]
  labels?: string
  prompt?: string
  model?: string[]
  apiKeyEnv?: string
  concurrency?: string
  price?: string
  resume?: string
  page?: string
  record?: boolean
  recordModel?: string
  recordParent?: string
  recordSite?: string
  /** `--key` is the column of keys here. */
  recordKey?: string
}

/** More at a time and most servers refuse. */
const MAX_CONCURRENCY = 64

export async function compareCommand(
  parent: string | undefined,
  child: string | undefined,
  flags: CompareFlags,
  context: CommandContext,
): Promise<void> {
  const isRecorded = isToBeRecorded(flags)
  const report = flags.predictions
    ? await comparePredictions(predictionOptions(flags.predictions, flags))
    : await compareModels(
        modelOptions(parent, child, flags, context),
        answersOn(context.streams.stderr, context.t, flags),
      )
  const done = isRecorded ? await recordedFrom(report, comparedModels(parent, child, flags), flags, context) : null
  if (flags.json) writeJson(context.streams, withRecorded(report, done))
  else context.streams.stdout.write(renderCompareText(report, textOptions(flags, context)))
  sayRecorded(done, 'comparison', flags, context)
  if (flags.page === undefined) return
  const language = chooseLanguage(flags.lang as Language | undefined, context.streams.env)
  const generated = `${new Date().toISOString().replace('T', ' ').slice(0, 16)} UTC`
  const page = await renderComparePage(report, { t: context.t, language, generated, version: VERSION })
  writePage(flags.page, page, context, flags)
}

/** Of files of predictions, `--model` names the models: the parent's first where there are two. */
function comparedModels(parent: string | undefined, child: string | undefined, flags: CompareFlags): RecordFlags {
  const { predictions, model = [] } = flags
  const [first, second] = predictions ? [model.at(-2), model.at(-1)] : [parent, child]
  return {
    model: flags.recordModel ?? second ?? null,
    parent: flags.recordParent ?? first ?? null,
    site: flags.recordSite ?? null,
    key: flags.recordKey,
  }
}

function predictionOptions(files: string[], flags: CompareFlags) {
  const [parent, child, ...rest] = files
  if (parent === undefined || child === undefined || rest.length > 0)
    throw new CommandError({
      code: 'option-not-usable',
      option: '--predictions',
      value: files.join(' '),
      expected: 'parent.csv child.csv',
    })
  return {
    predictions: [parent, child] as const,
    key: required(flags.key, '--key', '--predictions'),
    prediction: required(flags.prediction, '--prediction', '--predictions'),
    truth: flags.truth ?? null,
    groups: flags.group ?? [],
  }
}

function modelOptions(
  parent: string | undefined,
  child: string | undefined,
  flags: CompareFlags,
  { streams }: CommandContext,
) {
  if (parent === undefined || child === undefined)
    throw new CommandError({ code: 'option-needed', option: '<parent> <child>, --predictions', because: 'compare' })
  for (const model of [parent, child])
    if (!isEndpoint(model) && !model.toLowerCase().endsWith('.onnx'))
      throw new CommandError({
        code: 'option-not-usable',
        option: '<parent> <child>',
        value: model,
        expected: '*.onnx, http://…/v1',
      })
  const inputs = required(flags.inputs, '--inputs', 'compare')
  const apiKey = flags.apiKeyEnv === undefined ? null : (streams.env[flags.apiKeyEnv] ?? null)
  if (flags.apiKeyEnv !== undefined && apiKey === null)
    throw new CommandError({
      code: 'option-not-usable',
      option: '--api-key-env',
      value: flags.apiKeyEnv,
      expected: 'NAME=…',
    })
  const concurrency = wholeFrom('--concurrency', flags.concurrency ?? '4', MAX_CONCURRENCY)
  if (concurrency === 0) throw new CommandError({ code: 'bad-number', option: '--concurrency', value: '0' })
  return {
    models: [parent, child] as const,
    inputs,
    key: required(flags.key, '--key', '--inputs'),
    truth: flags.truth ?? null,
    groups: flags.group ?? [],
    labels: flags.labels?.split(',').map((label) => label.trim()) ?? [],
    names: flags.model ?? [],
    prompt: flags.prompt ?? null,
    apiKey,
    concurrency,
    price: priceFrom(flags.price),
    resume: flags.resume ?? `${inputs}.replies.jsonl`,
  }
}

function priceFrom(text: string | undefined): [number, number] | null {
  if (text === undefined) return null
  const [asked, answered, ...rest] = text.split(',')
  if (answered === undefined || rest.length > 0)
    throw new CommandError({ code: 'option-not-usable', option: '--price', value: text, expected: '0.15,0.60' })
  return [numberFrom('--price', asked!), numberFrom('--price', answered)]
}

function required(value: string | undefined, option: string, because: string): string {
  if (value === undefined) throw new CommandError({ code: 'option-needed', option, because })
  return value
}

/** Answers between two lines of progress: endpoints can be slow. */
const STEP = 100

function answersOn(output: Output, t: Translate, { quiet }: CommonOptions): CompareProgress {
  return {
    onAnswers(name, done, total) {
      if (quiet || (done % STEP !== 0 && done !== total)) return
      output.write(`${t('compare.running', { name, done, total })}\n`)
    },
  }
}
