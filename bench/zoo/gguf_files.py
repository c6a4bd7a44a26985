"""GGUF: written with the gguf package as llama.cpp's converter does; K-quants by ggml itself."""

import ctypes
import functools
import sysconfig
from pathlib import Path

import numpy as np
from gguf import MODEL_ARCH, GGMLQuantizationType, GGUFWriter, get_tensor_name_map
from gguf.quants import quantize

#: Rows must be a multiple of 256.
K_QUANTS = ("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K")


def write_llama(state, config, path, kind="F32"):
    """Vectors stay F32; the rows of queries and keys go into the order that llama.cpp's rotary embedding wants."""
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    heads = {"q_proj.weight": config.num_attention_heads, "k_proj.weight": config.num_key_value_heads}
    arranged = {key: rotated(value, heads.get(key.split("self_attn.")[-1])) for key, value in state.items()}
    fill(writer, arranged, get_tensor_name_map(MODEL_ARCH.LLAMA, config.num_hidden_layers), kind)


def write_bert(state, config, path, kind="F32"):
    writer = GGUFWriter(path, "bert")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_layer_norm_eps(config.layer_norm_eps)
    writer.add_causal_attention(False)
    kept = {key: value for key, value in state.items() if "pooler" not in key and "position_ids" not in key}
    fill(writer, kept, get_tensor_name_map(MODEL_ARCH.BERT, config.num_hidden_layers), kind)


def rotated(tensor, heads):
    if heads is None:
        return tensor
    rows, columns = tensor.shape
    return tensor.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


def fill(writer, state, names, kind):
    kinds = GGMLQuantizationType
    for key, value in state.items():
        name = names.get_name(key, try_suffixes=(".weight", ".bias"))
        data = value.float().numpy()
        asked = kinds.F32 if data.ndim == 1 else kinds[kind]
        if kind in K_QUANTS and name.startswith("token_embd"):
            # llama.cpp keeps the table that is also the output at six bits
            asked = kinds.Q6_K
        if asked == kinds.F32:
            writer.add_tensor(name, np.ascontiguousarray(data))
        else:
            quantise = quantise_k if asked.name in K_QUANTS else quantize
            writer.add_tensor(name, quantise(np.ascontiguousarray(data), asked), raw_dtype=asked)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@functools.cache
def ggml():
    """The library that pywhispercpp brings; PyPI has llama.cpp as source only. Loaded before use: its tables are filled by an init."""

    class Parameters(ctypes.Structure):
        _fields_ = [("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]

    library = ctypes.CDLL(str(next(Path(sysconfig.get_path("purelib")).glob("libggml-base*.so*"))))
    library.ggml_init.restype, library.ggml_init.argtypes = ctypes.c_void_p, [Parameters]
    library.ggml_init(Parameters(1 << 20, None, False))
    library.ggml_row_size.restype, library.ggml_row_size.argtypes = ctypes.c_size_t, [ctypes.c_int, ctypes.c_int64]
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    library.ggml_quantize_chunk.argtypes = [ctypes.c_int, *[ctypes.c_void_p] * 2, *[ctypes.c_int64] * 3, ctypes.c_void_p]
    return library


def quantise_k(values, kind):
    rows, columns = values.shape
    blocks = np.zeros((rows, ggml().ggml_row_size(int(kind), columns)), dtype=np.uint8)
    ggml().ggml_quantize_chunk(int(kind), values.ctypes.data, blocks.ctypes.data, 0, rows, columns, None)
    return blocks
