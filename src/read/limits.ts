/** Limits that keep a hostile file from costing memory or time. Each is far above what real models need. */

/** The largest released checkpoints (600 B mixtures of experts) hold about 92,000 tensors over all shards. */
export const MAX_TENSORS = 131_072

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

/** Files and folders right inside one folder. Data sets of a million images lie in one; no model store does that. */
export const MAX_FOLDER_ENTRIES = 131_072

/** A PyTorch archive has one member a tensor, and a few more. */
export const MAX_ZIP_MEMBERS = MAX_TENSORS + 1_024

/** So many members with names of 80 characters; the directory is read in one piece. */
export const MAX_ZIP_DIRECTORY_BYTES = 32 * 1024 * 1024

/**
 * Deflate can grow bytes 1,032-fold; weights, even pruned ones, shrink to a fiftieth at most, so what all deflated members
 * of an archive unpack to may be a hundredfold …
 */
export const MAX_ZIP_GROWTH = 100

/** … and so many bytes more, for buffers of nothing but zeros. */
export const ZIP_GROWTH_FREE = 64 * 1024 * 1024

/** How many times its size a compressed file may unpack to in all, where something earlier in it is needed again and again. */
export const MAX_UNPACKINGS = 256

/** The pickle of 92,000 tensors takes about 28 MB; what lies between its opcodes (raw storages) does not count. */
export const MAX_PICKLE_BYTES = 64 * 1024 * 1024

/** One tensor takes about 45 opcodes, so this is for 90,000 in one pickle; each costs at most a few dozen bytes of memory. */
export const MAX_PICKLE_OPCODES = 4_194_304

/** Containers, strings and memo entries cost up to 200 bytes each; a tensor takes about 24, and shards hold a few thousand. */
export const MAX_PICKLE_VALUES = 1_048_576

/** Containers within containers from a file's top to a tensor; whole modules nest about 30 deep. */
export const MAX_PICKLE_DEPTH = 256

/** Archives within archives: a wheel in a tar in a zip. Files that contain themselves would go on for ever. */
export const MAX_ARCHIVE_DEPTH = 3

/** Files of one archive, with those of archives inside it. The largest Python wheels have 15,000, data sets 10⁵. */
export const MAX_ARCHIVE_MEMBERS = 131_072

/** What an archive may hold, archives inside it counted again: so many times its own bytes … */
export const MAX_ARCHIVE_GROWTH = 64

/** … and so many bytes more, for small archives of text. */
export const ARCHIVE_GROWTH_FREE = 64 * 1024 * 1024

/** Unpacked bytes of one archive kept in memory, so that small members and the way back to a header cost no second unpacking. */
export const ARCHIVE_CACHE_BYTES = 32 * 1024 * 1024

/** A pax header or GNU long name; paths are under 4,096 bytes, and extended attributes under 64 KiB each. */
export const MAX_TAR_EXTENSION_BYTES = 1024 * 1024

/** Members of one archive told of one by one for their names; a hostile archive has as many as it likes. */
export const MAX_UNSAFE_NAMES = 16

/** Packages of concatenated models are under 50 MB; larger files of such names are external data of other formats. */
export const MAX_BUNDLE_BYTES = 256 * 1024 * 1024

/** A package holds a handful of models; each suspected one is read to see whether it is one. */
export const MAX_BUNDLE_MODELS = 256

/** Manifests of images and stores name some dozen blobs in a few KB; registries refuse more than 4 MiB. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024

/** Tokenizers are the largest files beside a model: under 40 MB. */
export const MAX_SIDE_FILE_BYTES = 256 * 1024 * 1024

/** Side files of one artifact; repositories keep about ten beside a model. */
export const MAX_SIDE_FILES = 64

/** Key-value pairs of a GGUF header; real ones have 20 to 80, and some hundred where a quantiser notes what it did. */
export const MAX_METADATA_ENTRIES = 65_536

/** All of them together; the largest vocabularies make headers of 20 MB. */
export const MAX_METADATA_BYTES = 256 * 1024 * 1024

/** Items of one array there: the largest vocabularies have 262,144 tokens and twice as many merges. */
export const MAX_METADATA_ARRAY = 4_194_304

/** Arrays within arrays there; ggml writes none, the format allows them. */
export const MAX_METADATA_DEPTH = 4

/** Bytes that GGUF aligns tensors to; 32 unless it says otherwise, and no page is larger than 64 KiB. */
export const MAX_ALIGNMENT = 65_536

/** Files of one model that are signed or checked together; the largest repositories of weights have a few thousand. */
export const MAX_SIGNED_FILES = 1_000_000
