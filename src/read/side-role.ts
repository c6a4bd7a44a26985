/** What a file beside a model does to what the model does, without touching a weight. */
export const SIDE_ROLES = [
  'configuration',
  'tokenizer',
  'chat-template',
  'system-prompt',
  'generation',
  'preprocessing',
  'labels',
  'card',
  'adapter-configuration',
  'merge-recipe',
  'license',
] as const

export type SideRole = (typeof SIDE_ROLES)[number]

/** By the names that libraries look for; the first that fits. */
const ROLES: readonly [RegExp, SideRole][] = [
  [/^adapter_config\.json$/, 'adapter-configuration'],
  [/^mergekit_config\.ya?ml$/, 'merge-recipe'],
  [/^generation_config\.json$/, 'generation'],
  [/^(chat_template(\.json)?|[\w.-]+)\.jinja2?$|^chat_template\.json$/, 'chat-template'],
  [/^(\w+_)?(pre)?processor_config\.json$|^feature_extractor_config\.json$/, 'preprocessing'],
  [/^(config|model_config|configuration|params|hparams|thresholds?)\.(json|ya?ml)$/, 'configuration'],
  [/^(tokenizer(_config)?|special_tokens_map|added_tokens|vocab|tekken)\.json$/, 'tokenizer'],
  [/^(tokenizer|spiece|sentencepiece(\.bpe)?)\.model$|^(vocab|merges)\.txt$|\.vocab$/, 'tokenizer'],
  [/^(labels?|label_?map|classes|class_names|id2label|synset)\.(txt|json|pbtxt|csv)$/, 'labels'],
  [/^(readme|model_?card)\.md$/, 'card'],
]

/** The role of a file of this name beside a model; null for all other files. */
export function sideRole(name: string): SideRole | null {
  const lower = name.toLowerCase()
  return ROLES.find(([pattern]) => pattern.test(lower))?.[1] ?? null
}
