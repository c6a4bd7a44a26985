/** An input as a model is shown it: values by column, as text. */
export interface ModelInput {
  key: string
  values: Readonly<Record<string, string>>
}

/** One model's answers by the inputs' keys. */
export type Answers = ReadonlyMap<string, string>

export interface Usage {
  requests: number
  promptTokens: number
  answerTokens: number
}
