import { expect, it } from 'vitest'
import { roleOf } from '../../src/identify/role.ts'

it.each([
  { name: 'model.layers.0.mlp.weight', role: 'layers.0.mlp.weight', why: 'a task head wraps the network' },
  { name: 'module.model.layers.0.mlp.weight', role: 'layers.0.mlp.weight', why: 'it was trained on several devices' },
  { name: '_orig_mod.layers.0.mlp.weight', role: 'layers.0.mlp.weight', why: 'it was compiled' },
  { name: 'dense/kernel:0', role: 'dense.kernel', why: 'TensorFlow numbers outputs' },
  { name: 'dense/kernel/ReadVariableOp', role: 'dense.kernel', why: 'TensorFlow reads variables by an operation' },
  { name: 'onnx::MatMul_123', role: 'MatMul_123', why: 'an exporter named it' },
  { name: 'conv1.weight', role: 'conv1.weight', why: 'nothing was added' },
])('$name has the role $role: $why', ({ name, role }) => {
  expect(roleOf(name)).toBe(role)
})
