/** Limits that keep a hostile file from costing memory or time. Each is far above what real models need. */

/** The largest released checkpoints (600 B mixtures of experts) hold about 92,000 tensors over all shards. */
export const MAX_TENSORS = 262_144

/** Real tensors have at most 6 axes; ONNX and NumPy allow more, 32 is NumPy's own limit. */
export const MAX_AXES = 32

/** 2⁴⁸ elements would be 256 TiB of int8: nothing that fits a disk. */
export const MAX_ELEMENTS = 2 ** 48

/** Names are for people; the longest real ones are under 300 characters. */
export const MAX_NAME_BYTES = 4_096

/** A JSON header of 92,000 tensors takes about 11 MB; the reference safetensors reader allows 100 MB. */
export const MAX_HEADER_BYTES = 32 * 1024 * 1024

/** The most shards seen in one release is 191. */
export const MAX_FILES = 4_096

/** Tensors that a reader must decode itself (sparse, varint-coded) are held in memory; this is all they may take together. */
export const MAX_INLINE_BYTES = 256 * 1024 * 1024

/** Operators of a graph: large exports have about 60,000. */
export const MAX_NODES = 262_144

/** Links can make one folder reachable by 2ⁿ paths; real trees reach a folder by a handful. */
export const MAX_FOLDER_PATHS = 16
