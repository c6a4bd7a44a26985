import { describe, expect, it } from 'vitest'
import { importFindings } from '../../src/read/pickle-imports.ts'

function severities(...names: readonly string[]) {
  const imports = names.map((name) => {
    const [module = '', attribute = ''] = name.split(' ')
    return { module, name: attribute, offset: 0 }
  })
  return importFindings(imports, 'data.pkl').map(({ severity }) => severity)
}

it.each([
  'os system',
  'posix system',
  'nt system',
  'subprocess Popen',
  'sys modules',
  'builtins eval',
  '__builtin__ exec',
  'builtins getattr',
  'runpy _run_code',
  'socket create_connection',
  'shutil rmtree',
  'importlib import_module',
  'pty spawn',
  'ctypes CDLL',
  'webbrowser open',
  'pickle loads',
  'operator attrgetter',
  'torch.storage _load_from_bytes',
  'torch.serialization os.system',
  'torch.nn.modules.module os',
  'numpy.testing._private.utils runstring',
  'copyreg extension',
])('takes %s for dangerous', (name) => {
  expect(severities(name)).toEqual(['high'])
})

it.each([
  'argparse Namespace',
  '__main__ Model',
  'torch.nn.modules.linear Linear',
  'sklearn.svm SVC',
  'builtins print',
])('takes %s for code that is not known', (name) => {
  expect(severities(name)).toEqual(['medium'])
})

it.each([
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch FloatStorage',
  'numpy dtype',
  'builtins set',
])('takes %s for plain data', (name) => {
  expect(severities(name)).toEqual([])
})

describe('findings', () => {
  it('say what is imported and where', () => {
    const [finding] = importFindings([{ module: 'os', name: 'system', offset: 17 }], 'data.pkl')
    expect(finding?.message).toBe('data.pkl imports os.system (byte 17); loading it would run that')
  })

  it('stand with the worst first', () => {
    expect(severities('a b', 'os system')).toEqual(['high', 'medium'])
  })

  it('are no more than a person reads', () => {
    expect(severities(...Array.from({ length: 10_000 }, (_, index) => `m${index} f`))).toHaveLength(65)
  })

  it("leave out the archive's own classes", () => {
    const imports = [{ module: '__torch__.Net', name: 'Net', offset: 0 }]
    expect(importFindings(imports, 'data.pkl', (module) => module.startsWith('__torch__'))).toEqual([])
  })
})
