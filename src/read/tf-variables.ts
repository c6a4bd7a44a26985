import type { BundleTensor } from './tf-bundle.ts'

/** A tensor of a checkpoint that is a weight of the model, under the name its variable had in the program. */
export interface TfVariable {
  name: string
  tensor: BundleTensor
}

const VALUE = /\/\.ATTRIBUTES\/VARIABLE_VALUE$/

/** What training keeps beside the weights: Keras' metrics, counters, and the slots of optimisers that say so. */
const TRAINING = /\/\.OPTIMIZER_SLOT\/|(^|\/)keras_api\/metrics\/|^save_counter\/|(^|\/)optimizer\//

/** Every optimiser counts its steps beside its own variables. */
const STEPS = /^(.+)\/(?:_iterations|iterations|iter)\/\.ATTRIBUTES\/VARIABLE_VALUE$/

/** TensorFlow 1 names a slot after the variable it belongs to. */
const OLD_SLOT =
  /^(.+)\/(?:Adam|Adam_1|adam_m|adam_v|AdamW|AdamW_1|Adagrad|Adadelta|Adadelta_1|Ftrl|Ftrl_1|Momentum|RMSProp|RMSProp_1|LAMB|LAMB_1)$/
const OLD_COUNTER = /(^|\/)(?:beta[12]_power|global_step)$/

/**
 * The weights of a checkpoint without what belongs to training. `names`: variables' names by key; a key without one stands
 * for itself.
 */
export function modelVariables(tensors: readonly BundleTensor[], names: ReadonlyMap<string, string>): TfVariable[] {
  const keys = new Set(tensors.map(({ key }) => key))
  const optimisers = tensors.flatMap(({ key }) => STEPS.exec(key)?.[1] ?? [])
  const isTraining = (key: string) => {
    const owner = OLD_SLOT.exec(key)?.[1]
    return (
      TRAINING.test(key) ||
      OLD_COUNTER.test(key) ||
      (owner !== undefined && keys.has(owner)) ||
      optimisers.some((prefix) => key.startsWith(`${prefix}/`))
    )
  }
  const kept = tensors.filter(({ key }) => !isTraining(key))
  return withoutCopies(kept.map((tensor) => ({ name: names.get(tensor.key) ?? tensor.key.replace(VALUE, ''), tensor })))
}

/** Keras 3 exports each variable a second time, as it keeps it itself. */
function withoutCopies(variables: readonly TfVariable[]): TfVariable[] {
  const isCopy = ({ tensor }: TfVariable) => tensor.key.startsWith('_all_variables/')
  const named = new Set(variables.filter((one) => !isCopy(one)).map(({ name }) => name))
  return variables.filter((one) => !isCopy(one) || !named.has(one.name))
}
