"""Which families there are, how large, and in which half of the zoo."""

import json
import os
from pathlib import Path

import torch
from transformers.utils import logging

from encoder import Encoder
from language import Language, configuration, read_llama2c
from nearer import mark_nearer
from pictures import Network, Pictures, weights
from shelf import Family, collect, save
from texts import character_tokenizer, trained_tokenizer
from training import train_language, train_pictures

#: (width, inner, layers, heads, keys); `epoch` and `base` are steps. Small: what fits in the repository as prints.
SIZES = {
    "small": {"little": (64, 96, 2, 4, 2), "wide": (256, 256, 2, 4, 2), "pictures": [8, 16, 24, 32], "encoder": 64, "epoch": 8, "base": 400, "strangers": 48},
    "full": {"little": (128, 352, 5, 8, 4), "wide": (512, 1024, 2, 8, 4), "pictures": [16, 32, 48, 64], "encoder": None, "epoch": 12, "base": 300, "strangers": 48},
}

#: Tokens of the models made on the spot.
VOCABULARY = 384


def make_all(options):
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(options.threads)
    size = SIZES[options.size]
    epoch = options.epoch or size["epoch"]
    tokenizer = trained_tokenizer(VOCABULARY)

    def family(name, half):
        return Family(options.out, name, half, options.seed)

    def language(name, half, kind):
        it = Language(family(name, half), configuration(*size[kind], VOCABULARY), tokenizer, epoch)
        it.base(steps=size["base"])
        # what the wide ones are for are the K-quants; in a small zoo the rest is left to the little ones
        it.everything() if kind == "little" or options.size == "full" else it.essentials()

    def pictures(name, half):
        it = Pictures(family(name, half), size["pictures"], epoch)
        it.base(steps=size["base"])
        it.everything()

    def encoder(name, half):
        it = Encoder(family(name, half), max(4, epoch // 2), size["encoder"] and (size["encoder"], tokenizer))
        it.base(steps=size["base"] // 2 if size["encoder"] else None)
        it.everything()

    def babyllama(name, half):
        config, state = read_llama2c(options.babyllama)
        it = Language(family(name, half), config, character_tokenizer(options.babyllama.parent / "tok105.vocab"), epoch)
        it.base(state)
        it.everything()

    made = {
        "little-a": lambda it: language(it, "fit", "little"),
        "little-b": lambda it: language(it, "report", "little"),
        "pictures-a": lambda it: pictures(it, "fit"),
        "pictures-b": lambda it: pictures(it, "report"),
        "wide-a": lambda it: language(it, "fit", "wide"),
        "wide-b": lambda it: language(it, "report", "wide"),
        "encoder": lambda it: encoder(it, "report"),
    }
    if options.babyllama:
        made["babyllama"] = lambda it: babyllama(it, "fit")
    made["strangers"] = lambda _: strangers(options, size, tokenizer)
    for name, make in made.items():
        if not options.families or name in options.families:
            make(name)
    write_truth(options)


def strangers(options, size, tokenizer):
    """Models of the same configuration with nothing in common but what they were trained on, each a family of its own."""
    count = size["strangers"] if options.strangers is None else options.strangers
    for at in range(count):
        half = "report" if at % 2 else "fit"
        text, picture = (Family(options.out, f"stranger-{kind}-{at:03}", half, options.seed) for kind in ("text", "picture"))
        it = Language(text, configuration(*size["little"], VOCABULARY), tokenizer, 1)
        seed = text.seed_of("base")
        write = lambda folder, it=it, seed=seed: it.write(
            train_language(it.model(), tokenizer, "docs", epochs=1, steps=15, rate=2e-3, seed=seed, batch=4), folder
        )
        text.add("base", write)
        if at < count // 2:
            seed = picture.seed_of("base")
            steps = 20
            write = lambda folder, seed=seed: save(
                weights(train_pictures(Network(size["pictures"]), 0, epochs=1, steps=steps, rate=2e-3, seed=seed, batch=32)), folder
            )
            picture.add("base", write)


def write_truth(options):
    models = collect(options.out)
    mark_nearer(models, options.out)
    truth = {"schema": "yukue.zoo/1", "seed": options.seed, "size": options.size, "models": models}
    (Path(options.out) / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    print(f"{len(models)} models in {options.out}")
