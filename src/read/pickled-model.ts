import { MAX_NAME_BYTES, MAX_PICKLE_DEPTH, MAX_TENSORS } from './limits.ts'
import type { Finding, StoredTensor } from './model-file.ts'
import { isNode, itemsOf, nameOf, type PickleNode, type PickleValue } from './pickle-value.ts'
import { type PickledTensor, storedTensor, type UnreadTensor } from './pickled-tensor.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** What an object graph holds: its tensors in the order it names them. */
export interface PickledModel {
  tensors: StoredTensor[]
  findings: Finding[]
}

/**
 * What a checkpoint keeps to go on with training. Its tensors are as many and as large as the model's and no part of it;
 * they are left out with a finding.
 */
const TRAINING_STATE =
  /^(optimizers?|optim|optimizers?_states?|optim(izers?)?_state_dict|lr_schedulers?|(lr_)?scheduler_state_dict|exp_avg|exp_avg_sq|max_exp_avg_sq|momentum_buffer)$/

/** Attributes in which an `nn.Module` keeps what its state dict names directly. */
const MODULE_PARTS: ReadonlySet<string> = new Set(['_parameters', '_buffers', '_modules'])

/**
 * Collects the tensors of a pickled object graph: dicts, lists, and the state of objects, at any depth. A name is the
 * path of keys to the tensor, joined by dots. A container that stands in several places counts where it is met first, so
 * that a graph costs what it takes in the file, whatever it would unfold to; a tensor is listed under each of its names.
 */
export function pickledModel(
  source: ByteSource,
  root: PickleValue,
  tensorOf: (value: PickleValue) => PickledTensor | UnreadTensor | null,
): PickledModel {
  const seen = new Set<PickleNode>()
  const tensors: StoredTensor[] = []
  const unread: { name: string; why: string }[] = []
  const training: string[] = []
  visit(root, '', 0)
  return { tensors, findings: [...unreadFindings(unread), ...trainingFindings(training)] }

  function visit(value: PickleValue, name: string, depth: number): void {
    if (!isNode(value)) return
    const found = tensorOf(value)
    if (found !== null) add(found, name)
    else if (!seen.has(value)) visitParts(value, name, depth)
  }

  function visitParts(value: PickleNode, name: string, depth: number): void {
    seen.add(value)
    refuseBeyond(source, 'nesting of the pickle', depth, MAX_PICKLE_DEPTH)
    switch (value.kind) {
      case 'dict':
        visitEntries(value.entries, name, depth)
        break
      case 'list':
      case 'tuple':
      case 'set':
        visitItems(value.items, name, depth)
        break
      case 'object':
        for (const state of value.states ?? []) visitState(state, name, depth + 1)
        if (nameOf(value) === 'collections.OrderedDict') visitPairs(value.args, name, depth)
        else visit(value.args, name, depth + 1)
        visitEntries(value.entries ?? [], name, depth)
        visitItems(value.items ?? [], name, depth)
    }
  }

  function visitItems(items: readonly PickleValue[], name: string, depth: number): void {
    items.forEach((item, index) => {
      visit(item, joined(name, String(index)), depth + 1)
    })
  }

  function visitEntries(entries: readonly [PickleValue, PickleValue][], name: string, depth: number): void {
    // the last of equal keys counts, as it would for the program that loads the file
    const last = new Map(
      entries.map(([key, value], index) => [isNode(key) ? index : keyText(key), [key, value] as const]),
    )
    for (const [text, [key, value]] of last) {
      if (typeof key === 'string' && TRAINING_STATE.test(key) && isNode(value)) training.push(joined(name, key))
      else visit(value, joined(name, String(text)), depth + 1)
    }
  }

  /** Python 2 gave an OrderedDict its entries as a list of pairs. */
  function visitPairs(args: PickleValue, name: string, depth: number): void {
    const pairs = itemsOf(itemsOf(args)?.[0])?.map((pair) => itemsOf(pair)) ?? []
    const entries = pairs.flatMap((pair): [PickleValue, PickleValue][] =>
      pair?.length === 2 ? [[pair[0]!, pair[1]!]] : [],
    )
    visitEntries(entries, name, depth)
  }

  /** An object's attributes: a dict, or (dict, slots). */
  function visitState(state: PickleValue, name: string, depth: number): void {
    for (const part of isNode(state) && state.kind === 'tuple' ? state.items : [state]) {
      if (!isNode(part) || part.kind !== 'dict') visit(part, name, depth)
      else if (!seen.has(part)) {
        seen.add(part)
        const [own, inner] = partition(part.entries, ([key]) => typeof key === 'string' && MODULE_PARTS.has(key))
        for (const [, value] of own) visit(value, name, depth + 1)
        visitEntries(inner, name, depth)
      }
    }
  }

  function add(found: PickledTensor | UnreadTensor, name: string): void {
    refuseBeyond(source, 'tensor name', name.length, MAX_NAME_BYTES)
    refuseBeyond(source, 'tensors', tensors.length + unread.length + 1, MAX_TENSORS)
    if (found.kind === 'unread') unread.push({ name, why: found.why })
    else tensors.push(storedTensor(source, name || 'tensor', found))
  }
}

function joined(name: string, part: string): string {
  return name === '' ? part : `${name}.${part}`
}

function keyText(key: string | number | bigint | boolean | null): string {
  return String(key)
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

function unreadFindings(unread: readonly { name: string; why: string }[]): Finding[] {
  const byReason = new Map<string, string[]>()
  for (const { name, why } of unread) {
    const names = byReason.get(why)
    if (names === undefined) byReason.set(why, [name])
    else names.push(name)
  }
  return [...byReason].map(([why, names]) => ({
    code: 'unread-tensor',
    severity: 'low',
    message: `${listed(names)}: ${why}; not read`,
  }))
}

function trainingFindings(names: readonly string[]): Finding[] {
  if (names.length === 0) return []
  return [
    {
      code: 'training-state',
      severity: 'low',
      message: `${listed(names)}: state of the training, not of the model; left out`,
    },
  ]
}

function listed(names: readonly string[]): string {
  const told = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${told}, … (${names.length})` : told
}

function refuseBeyond(source: ByteSource, what: string, value: number, limit: number): void {
  if (value > limit) throw readError(source.path, 'limit', { what, value: String(value), limit: String(limit) })
}
