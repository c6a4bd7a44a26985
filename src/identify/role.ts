import { ggufRole } from './role-gguf.ts'

/**
 * A tensor's role: its name without what only a framework or exporter adds, so that the same part of a network is tried
 * first when tensors are matched. Names are hints, never evidence: a wrong role costs time, not truth.
 */
export function roleOf(name: string): string {
  return ggufRole(name) ?? RULES.reduce((role, { from, to }) => role.replace(from, to), name)
}

const RULES: { from: RegExp; to: string; why: string }[] = [
  { from: /:\d+$/, to: '', why: 'TensorFlow numbers the outputs of an operation' },
  { from: /\/(Read)?ReadVariableOp(\/resource)?$/, to: '', why: 'TensorFlow reads variables by an operation' },
  {
    from: /^(model_)?state_dict\./,
    to: '',
    why: 'checkpoints keep the weights beside other things under this key',
  },
  {
    from: /^(module|_orig_mod|_fsdp_wrapped_module)\./,
    to: '',
    why: 'PyTorch wrappers (DDP, compile, FSDP) prefix names',
  },
  { from: /^(onnx::)/, to: '', why: 'PyTorch’s exporter marks tensors without a name of their own' },
  { from: /\//g, to: '.', why: 'TensorFlow and ONNX scopes use slashes, PyTorch dots' },
  { from: /^(model|transformer|backbone)\./, to: '', why: 'task heads wrap the bare network in one of these' },
  {
    from: /\b(self_attn)\.qkv_proj\.(weight|bias)\.([qkv])$/,
    to: '$1.$3_proj.$2',
    why: 'a part of a fused tensor is what it is where nothing is fused',
  },
  { from: /\bmlp\.gate_up_proj\.(weight|bias)\.(gate|up)$/, to: 'mlp.$2_proj.$1', why: 'likewise' },
  { from: /\bexperts\.gate_up_proj\.(\d+)\.(gate|up)$/, to: 'experts.$1.$2_proj.weight', why: 'likewise' },
  { from: /\bexperts\.down_proj\.(\d+)$/, to: 'experts.$1.down_proj.weight', why: 'likewise' },
  { from: /\bblock_sparse_moe\.gate\b/, to: 'mlp.gate', why: 'Mixtral has names of its own for what others call mlp' },
  { from: /\bblock_sparse_moe\.experts\.(\d+)\.w1\b/, to: 'mlp.experts.$1.gate_proj', why: 'likewise' },
  { from: /\bblock_sparse_moe\.experts\.(\d+)\.w2\b/, to: 'mlp.experts.$1.down_proj', why: 'likewise' },
  { from: /\bblock_sparse_moe\.experts\.(\d+)\.w3\b/, to: 'mlp.experts.$1.up_proj', why: 'likewise' },
]
