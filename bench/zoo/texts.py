"""Real text and real pictures that the installed packages bring along."""

import ast
import functools
import sysconfig
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

#: Characters of one subject: enough that no small model learns it by heart.
LENGTH = 400_000


@functools.cache
def subject(name):
    """docs: docstrings of the standard library; code: its source; licences and readmes: of the installed packages."""
    library = Path(sysconfig.get_path("stdlib"))
    packages = [Path(sysconfig.get_path("purelib")), *map(Path, __import__("sys").path)]
    sources = sorted(library.glob("*.py")) + sorted(library.glob("email/*.py"))
    readers = {
        "code": lambda: map(read, sources[::-1]),
        "docs": lambda: map(docstrings, sources),
        "licences": lambda: map(read, found(packages, "*.dist-info/**/*LICEN*")),
        "readmes": lambda: map(read, found(packages, "*.dist-info/METADATA")),
    }
    text = ""
    for part in readers[name]():
        text += part + "\n"
        if len(text) >= LENGTH:
            break
    return text[:LENGTH]


def found(places, pattern):
    return sorted({path for place in places if place.is_dir() for path in place.glob(pattern) if path.is_file()})


def read(path):
    return path.read_text(errors="ignore")


def docstrings(path):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return "\n".join(ast.get_docstring(node) or "" for node in ast.walk(ast.parse(read(path))) if isinstance(node, kinds))


def character_tokenizer(vocabulary):
    """One token a character, as in llama2.c's tok105: lines of token, tab, score."""
    tokens = [line.split("\t")[0] for line in Path(vocabulary).read_text().splitlines()]
    tokenizer = Tokenizer(models.WordLevel({token: at for at, token in enumerate(tokens)}, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")


def trained_tokenizer(size):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<unk>", "<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator([subject("docs"), subject("readmes")], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")


def passages(tokenizer, name, count, length, seed):
    """count × length token ids, cut at random from a subject."""
    ids = token_ids(tokenizer, name)
    starts = np.random.default_rng(seed).integers(0, len(ids) - length, count)
    return torch.tensor(np.stack([ids[start : start + length] for start in starts]))


_ids = {}


def token_ids(tokenizer, name):
    key = (id(tokenizer), name)
    if key not in _ids:
        lines = [line for line in subject(name).split("\n") if line.strip()]
        encoded = tokenizer(lines, add_special_tokens=False)["input_ids"]
        _ids[key] = np.concatenate([np.asarray(line, dtype=np.int64) for line in encoded])
    return _ids[key]


def digits(task, count, seed):
    """Handwritten digits of scikit-learn at 16 × 16; `task` turns them by quarters, so that there is something to learn anew."""
    from sklearn.datasets import load_digits

    data = load_digits()
    at = np.random.default_rng(seed).choice(len(data.images), count)
    images = torch.tensor(np.rot90(data.images[at], task, axes=(1, 2)).copy(), dtype=torch.float32) / 8 - 1
    larger = torch.nn.functional.interpolate(images[:, None], size=16, mode="bilinear")
    return larger, torch.tensor(data.target[at])
