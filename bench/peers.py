"""Times of the reference tools on the files named, in seconds, as one JSON object; a tool that is not installed has null.

    pip install model-signing pyOpenSSL safetensors torch numpy
    python3 bench/peers.py model.safetensors ...
"""

import json
import sys
import time


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def model_signing(paths):
    """SHA-256 of every file, as `model_signing sign` takes it before it signs."""
    try:
        import pathlib

        from model_signing import hashing
    except ImportError:
        return None
    config = hashing.Config()
    return timed(lambda: [config.hash(pathlib.Path(path)) for path in paths])


def safetensors(paths):
    """Every tensor loaded and summed, so that every byte is touched."""
    try:
        import torch
        from safetensors.torch import load_file
    except ImportError:
        return None

    def load(path):
        for tensor in load_file(path).values():
            tensor.view(torch.uint8).sum()

    return timed(lambda: [load(path) for path in paths])


def attempt(work, paths):
    try:
        return work(paths)
    except Exception as error:  # a peer that fails is told as such, and the others go on
        return f"{type(error).__name__}: {error}"


paths = sys.argv[1:]
print(json.dumps({work.__name__: attempt(work, paths) for work in (model_signing, safetensors)}))
