import type { Finding } from './model-file.ts'
import type { PickleImport } from './pickle-machine.ts'

/** So many imports are named in findings of their own; a pickled network has a few dozen classes. */
const MAX_NAMED = 64

/** What a name in a finding may take; the rest of a hostile name says nothing more. */
const SHOWN_CHARACTERS = 120

/**
 * Imports that build plain data of models, from PyTorch's and NumPy's own pickles. Exactly these names: a module allowed as
 * a whole would allow all that it imports itself (`torch.serialization.os.system`).
 */
const HARMLESS: ReadonlySet<string> = new Set([
  ...names('collections', 'OrderedDict defaultdict Counter deque'),
  ...names('builtins', 'set frozenset bytearray complex slice range list dict tuple int float bool str bytes object'),
  ...names(
    '__builtin__',
    'set frozenset bytearray complex slice xrange list dict tuple int float bool str object long unicode',
  ),
  ...names('_codecs', 'encode'),
  ...names('copyreg', '_reconstructor'),
  ...names('copy_reg', '_reconstructor'),
  ...names(
    'torch',
    'Size device dtype Tensor FloatTensor layout memory_format strided contiguous_format channels_last preserve_format per_tensor_affine per_channel_affine',
  ),
  ...names(
    'torch',
    'float32 float float64 double float16 half bfloat16 int64 long int32 int int16 short int8 uint8 uint16 uint32 uint64 bool complex32 complex64 complex128 cfloat cdouble',
  ),
  ...names(
    'torch',
    'float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 qint8 quint8 qint32 quint4x2 quint2x4',
  ),
  ...names(
    'torch',
    'FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage Storage',
  ),
  ...names('torch.storage', 'UntypedStorage TypedStorage _UntypedStorage _TypedStorage'),
  ...names(
    'torch._utils',
    '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_meta_tensor_no_storage _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_wrapper_subclass',
  ),
  ...names('torch._tensor', '_rebuild_from_type _rebuild_from_type_v2'),
  ...names('torch.nn.parameter', 'Parameter Buffer UninitializedParameter UninitializedBuffer'),
  ...names('torch.serialization', '_get_layout'),
  ...names(
    'torch.jit._pickle',
    'build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag',
  ),
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap((module) => names(module, '_reconstruct scalar')),
  ...['numpy.core.numeric', 'numpy._core.numeric'].flatMap((module) => names(module, '_frombuffer')),
  ...names(
    'numpy',
    'ndarray dtype float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_ bool',
  ),
  ...names(
    'numpy.dtypes',
    'Float16DType Float32DType Float64DType Int8DType Int16DType Int32DType Int64DType UInt8DType UInt16DType UInt32DType UInt64DType BoolDType StrDType BytesDType ObjectDType',
  ),
  ...names('joblib.numpy_pickle', 'NumpyArrayWrapper'),
])

/** Modules with functions that run programs or code, reach files or the network, or fetch other functions by name. */
const DANGEROUS: ReadonlySet<string> = new Set(
  (
    'os posix nt posixpath ntpath subprocess _posixsubprocess sys runpy socket _socket ssl shutil importlib imp pkgutil zipimport pty ctypes _ctypes ' +
    'cffi webbrowser antigravity pickle _pickle cPickle dill cloudpickle joblib marshal shelve copyreg code codeop codecs types inspect ast timeit trace ' +
    'pdb bdb cProfile profile doctest unittest asyncio multiprocessing _thread signal commands popen2 ' +
    'platform requests urllib urllib2 http httplib ftplib smtplib poplib imaplib telnetlib xmlrpc tempfile io _io ' +
    'fileinput linecache site atexit gc pip setuptools distutils ensurepip venv idlelib lib2to3 pydoc operator _operator ' +
    'functools _functools winreg _winreg _winapi msvcrt fcntl resource mmap sqlite3 aiohttp paramiko fabric IPython'
  ).split(' '),
)

/** Of modules that are otherwise ordinary. */
const DANGEROUS_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['builtins', '__builtin__'].flatMap((module) =>
    names(
      module,
      'eval exec execfile compile __import__ getattr setattr delattr open file input raw_input globals locals vars breakpoint apply map filter reduce reload help exit quit type super memoryview',
    ),
  ),
  ...names('torch', 'load save hub compile'),
  ...names('torch.storage', '_load_from_bytes'),
  ...names('torch.hub', 'load load_state_dict_from_url download_url_to_file'),
  ...names('torch.serialization', 'load'),
  ...names('torch.jit', 'load'),
  ...names('torch.utils._config_module', 'load_config'),
  ...names('torch.utils.cpp_extension', 'load load_inline'),
  ...names('torch._inductor.codecache', 'compile_file'),
  ...names('numpy', 'load fromfile memmap save'),
  ...names('numpy.testing._private.utils', 'runstring'),
  ...names('numpy.f2py', 'compile'),
  ...names('pandas', 'read_pickle eval'),
  ...names('tensorflow', 'io load_op_library'),
])

/**
 * One finding for each import that loading the file would run and that is no plain data. `where` names the pickle; `own` tells
 * the archive's own classes from others.
 */
export function importFindings(
  imports: readonly PickleImport[],
  where: string,
  own: (module: string) => boolean = () => false,
): Finding[] {
  const foreign = imports.filter(({ module, name }) => !HARMLESS.has(`${module}.${name}`) && !own(module))
  const findings = foreign.map((one) => findingOf(one, where))
  const bySeverity = [...findings.filter(isHigh), ...findings.filter((finding) => !isHigh(finding))]
  const rest = bySeverity.slice(MAX_NAMED)
  if (rest.length === 0) return bySeverity
  const message = `${where} imports ${rest.length} names more than are listed here`
  return [...bySeverity.slice(0, MAX_NAMED), { code: 'pickle-import', severity: rest[0]!.severity, message }]
}

function isHigh({ severity }: Finding): boolean {
  return severity === 'high'
}

function findingOf({ module, name, offset }: PickleImport, where: string): Finding {
  const severity = isDangerous(module, name) ? 'high' : 'medium'
  const shown = `${module}.${name}`.slice(0, SHOWN_CHARACTERS)
  return {
    code: 'pickle-import',
    severity,
    message: `${where} imports ${shown} (byte ${offset}); loading it would run that`,
  }
}

/** A dotted name is looked up step by step from the module, so that any part of it can be what does the harm. */
function isDangerous(module: string, name: string): boolean {
  if (DANGEROUS_FUNCTIONS.has(`${module}.${name}`) || DANGEROUS.has(module.split('.')[0]!)) return true
  return name.includes('.') || [...module.split('.'), name].slice(1).some((part) => CODE_IN_ANY_MODULE.has(part))
}

/** What modules import for themselves can be reached through them. */
const CODE_IN_ANY_MODULE: ReadonlySet<string> = new Set(
  'os sys subprocess builtins importlib shutil socket runpy ctypes pickle eval exec system popen __import__ __builtins__ __globals__ __dict__ __class__'.split(
    ' ',
  ),
)

function names(module: string, list: string): string[] {
  return list.split(' ').map((name) => `${module}.${name}`)
}
