import type { Files } from './folder.ts'
import { byteTensor, DATA_TYPE, externalData, graph, model, modelWith, node, rawData, tensor } from './onnx.ts'
import { seeded } from './print.ts'
import { bytesField, floats, varintField } from './protobuf.ts'
import { counting, safetensors, safetensorsFile, safetensorsIndex } from './safetensors.ts'
import { encode, noise } from './tensor.ts'
import { modelJson } from './tfjs.ts'
import { floatBytes, OPERATOR, tfliteFile } from './tflite.ts'
import { onnxLayer, weights } from './weights.ts'

/** Twelve models that can be read, in every format, some of them odd. */
export function goodFiles(): Files {
  const [dense, shard] = [encode(noise(60, 32 * 16), 'f32'), weights(61)]
  return {
    'good/plain.safetensors': weights(50),
    'good/half.safetensors': weights(51, { type: 'f16' }),
    'good/renamed.bin': weights(52),
    'good/odd name \u202e\u0007.safetensors': weights(53),
    'good/nan.safetensors': safetensors({ w: { shape: [64], bytes: payloads(64) } }),
    'good/sharded/model.safetensors.index.json': safetensorsIndex({ 'a.weight': 's/1.safetensors' }),
    'good/sharded/s/1.safetensors': shard,
    'good/layer.onnx': onnxLayer(54, 40, 30),
    'good/external.onnx': model({
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      initializers: [tensor('w', DATA_TYPE.float, [16, 32], externalData({ location: 'external.data' }))],
    }),
    'good/external.data': encode(noise(55, 512), 'f32'),
    'good/dense.tflite': tfliteFile([
      {
        tensors: [{ shape: [32, 16], data: dense }, { shape: [1] }],
        operators: [{ code: OPERATOR.fullyConnected, inputs: [1, 0] }],
      },
    ]),
    'good/tfjs/model.json': modelJson({ weights: [{ name: 'w', shape: [64] }], shards: [new Uint8Array(256)] }),
    'good/tfjs/shard1.bin': encode(noise(56, 64), 'f32'),
    'good/empty-tensor.safetensors': safetensors({
      none: { shape: [0, 5] },
      w: { shape: [64], values: noise(57, 64) },
    }),
  }
}

/** Not-a-numbers with a message in them, quiet and signalling, among values. */
function payloads(count: number): Uint8Array {
  const words = new Uint32Array(encode(noise(58, count), 'f32').buffer)
  for (let k = 0; k < count; k += 3) words[k] = (k % 2 ? 0x7f800001 : 0xffc00000) + k
  return new Uint8Array(words.buffer)
}

/** Files of which each is one problem, but for a link that another file names. */
export function hostileFiles(): Files {
  return {
    ...hostileSafetensors(),
    ...hostileOnnx(),
    ...hostileTflite(),
    ...hostileTfjs(),
    ...hostileIndexes(),
    ...cut(),
  }
}

const entry = (name: string, shape: number[], begin: number, end: number) =>
  `"${name}":{"dtype":"F32","shape":${JSON.stringify(shape)},"data_offsets":[${begin},${end}]}`

function hostileSafetensors(): Files {
  const million = Array.from({ length: 1_000_000 }, (_, k) => entry(`${k}`, [0], 0, 0)).join(',')
  const crowd = Array.from({ length: 300_000 }, (_, k) => entry(`${k}`, [0], 0, 0)).join(',')
  return {
    'bad/empty.safetensors': '',
    'bad/header-of-2-63.safetensors': safetensorsFile('{}', counting(4), 2n ** 63n),
    'bad/header-beyond.safetensors': safetensorsFile('{}', counting(4), 30_000_000n),
    'bad/million.safetensors': safetensorsFile(`{${million}}`, counting(1)),
    'bad/crowd.safetensors': safetensorsFile(`{${crowd}}`, counting(1)),
    'bad/deep.safetensors': safetensorsFile(`{"w":${'['.repeat(1_000_000)}`, counting(1)),
    'bad/vast-shape.safetensors': safetensorsFile(`{${entry('w', [2 ** 40, 2 ** 40], 0, 16)}}`, counting(4)),
    'bad/offsets-of-2-53.safetensors': safetensorsFile(`{${entry('w', [4], 2 ** 53, 2 ** 53 + 16)}}`, counting(4)),
    'bad/overlap.safetensors': safetensorsFile(`{${entry('a', [4], 0, 16)},${entry('b', [4], 8, 24)}}`, counting(6)),
    'bad/hidden-bytes.safetensors': Buffer.concat([weights(70), new Uint8Array(100)]),
    'bad/pointer.safetensors': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4321\n',
    'bad/web-page.safetensors': '<!doctype html><html><body>404</body></html>',
  }
}

function hostileOnnx(): Files {
  const one = (initializer: Uint8Array) => model({ initializers: [initializer] })
  const tiny = bytesField(5, byteTensor('w', DATA_TYPE.uint8, [1], [1]))
  const four = rawData(floats(1, 2, 3, 4))
  let nested = graph({})
  for (let depth = 0; depth < 200; depth++)
    nested = graph({ nodes: [node('If', [], ['y'], { attributes: { then_branch: { graph: nested } } })] })
  return {
    'bad/empty.onnx': '',
    'bad/no-graph.onnx': varintField(1, 8),
    'bad/length-of-2-63.onnx': one(tensor('w', DATA_TYPE.float, [2n ** 63n], four)),
    'bad/product-overflows.onnx': one(tensor('w', DATA_TYPE.float, [2 ** 32, 2 ** 32, 2 ** 32], four)),
    'bad/traversal.onnx': one(tensor('w', DATA_TYPE.float, [2], externalData({ location: '../../../etc/passwd' }))),
    'bad/absolute.onnx': one(tensor('w', DATA_TYPE.float, [2], externalData({ location: '/etc/passwd' }))),
    'bad/by-a-link.onnx': one(tensor('w', DATA_TYPE.float, [2], externalData({ location: 'outside' }))),
    'bad/outside': { link: '/etc/passwd' },
    'bad/offset-of-2-63.onnx': one(tensor('w', 1, [2], externalData({ location: 'x', offset: String(2n ** 63n) }))),
    'bad/nested.onnx': modelWith(nested),
    'bad/million.onnx': modelWith(new Uint8Array(Buffer.concat(Array(1_000_000).fill(tiny)))),
  }
}

function hostileTflite(): Files {
  const good = tfliteFile([{ tensors: [{ shape: [4], data: floatBytes(1, 2, 3, 4) }] }])
  const wild = good.slice()
  new DataView(wild.buffer).setUint32(0, 0xfffffff0, true)
  return {
    'bad/empty.tflite': '',
    'bad/root-far-away.tflite': wild,
    'bad/more-data-than-shape.tflite': tfliteFile([{ tensors: [{ shape: [3], data: floatBytes(1, 2, 3, 4) }] }]),
    'bad/vast-shape.tflite': tfliteFile([{ tensors: [{ shape: [2 ** 30, 2 ** 30, 2 ** 30], data: floatBytes(1) }] }]),
    'bad/crowd.tflite': tfliteFile([{ tensors: [{ shape: [1], data: floatBytes(1) }], repeat: 300_000 }]),
  }
}

function hostileTfjs(): Files {
  const manifest = (weightsManifest: unknown) => modelJson({ weights: [], shards: [], more: { weightsManifest } })
  const weight = { name: 'w', shape: [4], dtype: 'float32' }
  return {
    'bad/traversal/model.json': manifest([{ paths: ['../../../etc/passwd'], weights: [weight] }]),
    'bad/gone/model.json': manifest([{ paths: ['gone.bin'], weights: [weight] }]),
    'bad/vast/model.json': manifest([{ paths: [], weights: [{ ...weight, shape: [2 ** 40, 2 ** 40] }] }]),
    'bad/crowd/model.json': manifest([{ paths: Array(5_000).fill('x.bin'), weights: [weight] }]),
  }
}

function hostileIndexes(): Files {
  return {
    'bad/i1/model.safetensors.index.json': safetensorsIndex({ w: '../../../../etc/passwd' }),
    'bad/i2/model.safetensors.index.json': safetensorsIndex({ w: 'gone.safetensors' }),
    'bad/i3/model.safetensors.index.json': safetensorsIndex({ w: 'model.safetensors.index.json' }),
    'bad/i4/model.safetensors.index.json': safetensorsIndex(
      Object.fromEntries(Array.from({ length: 5_000 }, (_, k) => [`${k}`, `${k}.safetensors`])),
    ),
    'bad/i5/model.safetensors.index.json': '{"weight_map": 3}',
    'bad/loop/to-itself': { link: '.' },
    'bad/loop/up': { link: '../..' },
    'bad/loop/round.safetensors': { link: 'round.safetensors' },
    'bad/dangling.safetensors': { link: 'nowhere' },
  }
}

/** Models that end at a random place; the same ones in every run. */
function cut(): Files {
  const random = seeded(80)
  const at = (bytes: Uint8Array) => bytes.subarray(0, 8 + Math.floor(random() * (bytes.length - 20)))
  const several = (name: string, bytes: Uint8Array) =>
    Array.from({ length: 8 }, (_, k) => [name.replace('*', String(k)), at(bytes)] as const)
  const tflite = goodFiles()['good/dense.tflite'] as Uint8Array
  return Object.fromEntries([
    ...several('cut/*.safetensors', weights(81)),
    ...several('cut/*.onnx', onnxLayer(82, 20, 20)),
    ...several('cut/*.tflite', tflite),
  ])
}
