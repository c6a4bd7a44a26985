/**
 * A tensor's role: its name without what only a framework or exporter adds, so that the same part of a network is tried
 * first when tensors are matched. Names are hints, never evidence: a wrong role costs time, not truth.
 */
export function roleOf(name: string): string {
  return RULES.reduce((role, { from, to }) => role.replace(from, to), name)
}

const RULES: { from: RegExp; to: string; why: string }[] = [
  { from: /:\d+$/, to: '', why: 'TensorFlow numbers the outputs of an operation' },
  { from: /\/(Read)?ReadVariableOp(\/resource)?$/, to: '', why: 'TensorFlow reads variables by an operation' },
  {
    from: /^(module|_orig_mod|_fsdp_wrapped_module)\./,
    to: '',
    why: 'PyTorch wrappers (DDP, compile, FSDP) prefix names',
  },
  { from: /^(onnx::)/, to: '', why: 'PyTorch’s exporter marks tensors without a name of their own' },
  { from: /\//g, to: '.', why: 'TensorFlow and ONNX scopes use slashes, PyTorch dots' },
  { from: /^(model|transformer|backbone)\./, to: '', why: 'task heads wrap the bare network in one of these' },
]
