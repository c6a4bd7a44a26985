"""Families of language models: Llama's architecture, every kind of change."""

import json
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM, LlamaForSequenceClassification

import edits
import gguf_files
import merges
import onnx_files
from shelf import beside, save
from texts import passages
from training import train_language

#: The projections that low-rank adapters are put on.
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def configuration(width, inner, layers, heads, keys, vocabulary):
    return LlamaConfig(
        vocab_size=vocabulary, hidden_size=width, intermediate_size=inner, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=keys, max_position_embeddings=256, rms_norm_eps=1e-5, tie_word_embeddings=True, rope_theta=10000.0,
    )


def read_llama2c(path):
    """llama2.c's first layout: seven int32, then f32, kind by kind over all layers; its queries and keys are interleaved."""
    width, inner, layers, heads, keys, vocabulary, _ = np.fromfile(path, np.int32, 7).tolist()
    values, at = torch.tensor(np.fromfile(path, np.float32)[7:]), 0

    def take(*shape):
        nonlocal at
        size = int(np.prod(shape))
        at += size
        return values[at - size : at].reshape(shape)

    def halves(matrix, count):
        rows, columns = matrix.shape
        return matrix.view(count, rows // count // 2, 2, columns).transpose(1, 2).reshape(rows, columns)

    shared = width // heads * keys
    state = {"model.embed_tokens.weight": take(vocabulary, width)}
    kinds = {
        "input_layernorm": take(layers, width),
        "self_attn.q_proj": [halves(it, heads) for it in take(layers, width, width)],
        "self_attn.k_proj": [halves(it, keys) for it in take(layers, shared, width)],
        "self_attn.v_proj": take(layers, shared, width),
        "self_attn.o_proj": take(layers, width, width),
        "post_attention_layernorm": take(layers, width),
        "mlp.gate_proj": take(layers, inner, width),
        "mlp.down_proj": take(layers, width, inner),
        "mlp.up_proj": take(layers, inner, width),
    }
    state |= {f"model.layers.{layer}.{kind}.weight": kinds[kind][layer] for layer in range(layers) for kind in kinds}
    return configuration(width, inner, layers, heads, keys, vocabulary), state | {"model.norm.weight": take(width)}


class Language:
    def __init__(self, family, config, tokenizer, epoch):
        self.family, self.config, self.tokenizer, self.epoch = family, config, tokenizer, epoch

    # Reading and writing

    def model(self, name=None):
        """A fresh model, or the one of that name."""
        if name is None:
            return LlamaForCausalLM(self.config)
        return LlamaForCausalLM.from_pretrained(self.family.folder(name), dtype=torch.float32)

    def write(self, model, folder, **options):
        model.save_pretrained(folder, **options)
        self.tokenizer.save_pretrained(folder)

    def write_state(self, state, folder, **changed):
        """Tensors made by hand, with the configuration that fits them."""
        save(state, folder)
        config = self.config.to_dict() | {"architectures": ["LlamaForCausalLM"]} | changed
        (Path(folder) / "config.json").write_text(json.dumps(config))
        self.tokenizer.save_pretrained(folder)

    def train(self, start, subject, name, *, epochs=1, rate=5e-4, trainable=None):
        model = self.model(start)
        seed = self.family.seed_of(name)
        return train_language(
            model, self.tokenizer, subject, epochs=epochs, steps=self.epoch, rate=rate, seed=seed, trainable=trainable
        )

    # What is made

    def base(self, state=None, steps=0):
        def make(folder):
            model = self.model()
            if state:
                model.load_state_dict(state, strict=False)
            else:
                seed = self.family.seed_of("base")
                train_language(model, self.tokenizer, "docs", epochs=1, steps=steps, rate=2e-3, seed=seed)
            self.write(model, folder)

        self.family.add("base", make)

    def everything(self):
        self.copies("base", full=True)
        self.fine_tunes()
        self.adapters()
        self.merged()
        self.pruned()
        self.reshaped()
        self.chains()

    def essentials(self):
        self.copies("base", full=True)
        self.tuned("tuned-1", "base", "licences")
        self.tuned("tuned-3", "base", "code", epochs=3)
        self.copies("tuned-3")
        self.adapter(32)

    def tuned(self, name, start, subject, *, parents=None, changes=("fine-tuned",), absent=False, kind=None, **options):
        make = lambda folder: self.write(self.train(start, subject, name, **options), folder)
        self.family.add(name, make, [start] if parents is None else parents, changes, absent=absent, kind=kind)

    def copies(self, of, full=False):
        """Other containers of the same weights stand as models of their own folder: the scan must find them to be one model."""
        add, state = self.family.add, lambda: self.family.state(of)
        same = {"kind": "same model"}
        if full:
            add(f"{of}-sharded", lambda it: self.write(self.model(of), it, max_shard_size="1MB" if self.big() else "100KB"), [of], **same)
            add(f"{of}-bin", lambda it: (beside(self.family.folder(of), it), torch.save(state(), it / "pytorch_model.bin")), [of], **same)
            add(f"{of}-gguf", lambda it: gguf_files.write_llama(state(), self.config, it / "model.gguf"), [of], **same)
            add(f"{of}-bf16", self.half_of(of, "bf16"), [of], ["converted-lossy"])
        add(f"{of}-onnx", lambda it: onnx_files.export(onnx_files.Logits(self.model(of)), self.example(), it / "model.onnx"), [of], **same)
        add(f"{of}-f16", self.half_of(of, "f16"), [of], ["converted-lossy"])
        add(f"{of}-gguf-f16", lambda it: gguf_files.write_llama(state(), self.config, it / "model.gguf", "F16"), [of], ["converted-lossy"])
        for scheme in ("Q8_0", "Q4_0"):
            write = lambda it, scheme=scheme: gguf_files.write_llama(state(), self.config, it / "model.gguf", scheme)
            add(f"{of}-{scheme}", write, [of], ["quantised"], kind=scheme, scheme=scheme)
        onnx = self.family.folder(f"{of}-onnx") / "model.onnx"
        add(f"{of}-int8", lambda it: onnx_files.quantise(onnx, it / "model.onnx"), [of], ["quantised"], kind="int8", scheme="int8")
        if full:
            channels = lambda it: onnx_files.quantise(onnx, it / "model.onnx", per_channel=True)
            add(f"{of}-uint8", channels, [of], ["quantised"], kind="int8", scheme="uint8")
        if self.config.hidden_size % 256 == 0:
            for scheme in gguf_files.K_QUANTS:
                write = lambda it, scheme=scheme: gguf_files.write_llama(state(), self.config, it / "model.gguf", scheme)
                add(f"{of}-{scheme}", write, [of], ["quantised"], kind="K-quants", scheme=scheme)

    def half_of(self, of, kind):
        return lambda folder: self.write_state(edits.cast(self.family.state(of), kind), folder)

    def example(self):
        return passages(self.tokenizer, "docs", 1, 16, 0)

    def big(self):
        return self.config.hidden_size >= 256

    def fine_tunes(self):
        middle = self.config.num_hidden_layers // 2
        upper = tuple(f"layers.{layer}." for layer in range(middle, self.config.num_hidden_layers))
        self.tuned("tuned-1", "base", "licences")
        self.tuned("tuned-3", "base", "code", epochs=3)
        self.tuned("tuned-readmes", "base", "readmes", epochs=2, rate=1e-3)
        self.tuned("tuned-light", "base", "licences", rate=5e-5)
        self.tuned("tuned-frozen", "base", "code", trainable=lambda name: any(it in name for it in upper), kind="fine-tuned, layers frozen")
        self.tuned("tuned-on", "tuned-1", "code", epochs=2, kind="fine-tuned twice")
        self.tuned("tuned-from-bf16", "base-bf16", "licences", epochs=2, kind="fine-tuned from bf16")
        self.copies("tuned-3")

    def adapters(self):
        for rank in (4, 8, 16, 32):
            self.adapter(rank, keep=rank in (8, 32))
        self.adapter(8, name="lora-attention", targets=["q_proj", "v_proj"], keep=False)

    def adapter(self, rank, name=None, targets=TARGETS, keep=False, start="base", absent=False):
        name = name or f"lora-{rank}"

        def trained():
            config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=targets, init_lora_weights=True)
            torch.manual_seed(self.family.seed_of(name))
            model = get_peft_model(self.model(start), config)
            seed = self.family.seed_of(name)
            return train_language(model, self.tokenizer, "code", epochs=2, steps=self.epoch, rate=3e-3, seed=seed)

        def merged(folder):
            model = trained()
            if keep:
                model.save_pretrained(self.family.root / ".absent" / self.family.name / f"{name}-adapter-files")
            self.write(model.merge_and_unload(), folder)

        self.family.add(name, merged, [start], ["adapter-merged"], rank=rank, absent=absent)
        if keep:
            files = self.family.root / ".absent" / self.family.name / f"{name}-adapter-files"
            self.family.add(f"{name}-adapter", lambda it: moved(files, it), [start], ["adapter"], rank=rank)

    def merged(self):
        folder, add = self.family.folder, self.family.add
        one, two, three = "tuned-1", "tuned-3", "tuned-readmes"
        own = lambda it: beside(folder("base"), it)

        def linear(name, parents, weights, changes=("merged",), **options):
            write = lambda it: (own(it), merges.linear(it, [folder(parent) for parent in parents], weights, **options))
            add(name, write, parents, changes, weights=weights, kind="linear merge", method="linear")

        linear("merge-37", [one, two], [0.3, 0.7])
        linear("merge-253", [one, two, three], [0.2, 0.5, 0.3])
        linear("merge-64-bf16", [two, three], [0.6, 0.4], ["converted-lossy", "merged"], out_dtype="bfloat16")
        linear("merge-base", ["base", three], [0.5, 0.5])
        # no two merges of the same two parents lie on one arc, or each would be made of the other
        for t, first in ((0.5, one), (0.25, "tuned-frozen")):
            write = lambda it, t=t, first=first: (own(it), merges.slerp(it, folder(first), folder(three), t))
            add(f"merge-slerp-{int(100 * t)}", write, [first, three], ["merged"], weights=[1 - t, t], kind="SLERP merge", method="slerp")
        for method, density, pairs in (
            ("ties", 0.5, {one: 0.5, two: 0.5}),
            ("dare_linear", 0.5, {two: 0.4, three: 0.6}),
            ("dare_ties", 0.5, {one: 0.5, two: 0.3, three: 0.2}),
            ("task_arithmetic", None, {one: 0.6, two: 0.6}),
        ):
            parents, weights = list(pairs), list(pairs.values())
            sources = [folder(parent) for parent in parents]
            write = lambda it, m=method, s=sources, w=weights, d=density: (own(it), merges.sparse(it, m, folder("base"), s, w, d))
            kind = {"ties": "TIES merge", "task_arithmetic": "task arithmetic"}.get(method, "DARE merge")
            add(f"merge-{method}", write, parents, ["merged"], weights=weights, kind=kind, method=method, base=f"{self.family.name}/base")

    def pruned(self):
        add = self.family.add
        for share, of in ((30, "base"), (50, "tuned-1")):
            write = lambda it, share=share, of=of: self.write(edits.prune_magnitude(self.model(of), share / 100), it)
            # other models than the other's, or one would be the other pruned further
            add(f"pruned-{share}", write, [of], ["pruned"], kind="magnitude pruning", sparsity=share / 100)
        rows = lambda it: self.write(edits.prune_rows(self.model("tuned-3"), 0.25), it)
        add("pruned-rows", rows, ["tuned-3"], ["pruned"], kind="structured pruning", sparsity=0.25)

        def fewer(folder):
            state, kept = edits.drop_neurons(self.family.state("base"), 0.25)
            self.write_state(state, folder, intermediate_size=kept)

        add("pruned-neurons", fewer, ["base"], ["pruned"], kind="structured pruning", sparsity=0.25)

    def reshaped(self):
        add, state = self.family.add, self.family.state
        layers = list(range(self.config.num_hidden_layers))
        middle = len(layers) // 2
        for name, order in (("dropped", layers[:middle] + layers[middle + 1 :]), ("repeated", layers[: middle + 1] + layers[middle:])):
            write = lambda it, order=order: self.write_state(edits.layers_taken(state("base"), order), it, num_hidden_layers=len(order))
            add(f"layers-{name}", write, ["base"], ["layers-changed"], map=order)

        def stacked(folder):
            low, high = edits.layers_taken(state("tuned-3"), layers), edits.layers_taken(state("tuned-readmes"), layers)
            upper = tuple(f"model.layers.{layer}." for layer in layers[middle:])
            self.write_state({key: (high if key.startswith(upper) else low)[key] for key in low}, folder)

        add("assembled", stacked, ["tuned-3", "tuned-readmes"], ["assembled"])

        def grown(folder):
            model = self.model("base")
            model.resize_token_embeddings(self.config.vocab_size + 8)
            self.write(model, folder)

        add("vocabulary", grown, ["base"], ["vocabulary-resized"], rows=8)
        add("ablated", lambda it: self.write_state(edits.ablate(state("base"), self.contrast()), it), ["base"], ["direction-ablated"])
        seed = self.family.seed_of("permuted")
        add("permuted", lambda it: self.write_state(edits.permute_neurons(state("base"), seed), it), ["base"], ["permuted"], kind="neurons permuted")
        add("permuted-all", lambda it: self.write_state(edits.permute_stream(state("base"), seed), it), ["base"], ["permuted"], kind="stream permuted")

        def headed(folder):
            model = LlamaForSequenceClassification.from_pretrained(self.family.folder("base"), num_labels=40, pad_token_id=0)
            self.write(model, folder)

        add("headed", headed, ["base"], ["extracted", "fine-tuned"], kind="new head", accept=[["extracted"]])

    def contrast(self):
        """The direction in which the hidden state of two subjects differs, halfway up."""
        model = self.model("base").eval()
        layer = self.config.num_hidden_layers // 2
        with torch.no_grad():
            mean = [
                model(input_ids=passages(self.tokenizer, subject, 8, 48, 1), output_hidden_states=True).hidden_states[layer].mean((0, 1))
                for subject in ("code", "licences")
            ]
        return mean[0] - mean[1]

    def chains(self):
        """Up to four steps, with the steps between present or absent."""
        add, state = self.family.add, self.family.state
        gguf = lambda of, scheme: lambda it: gguf_files.write_llama(state(of), self.config, it / "model.gguf", scheme)
        # fine-tuned, adapter merged, bf16, 8 bits: all present
        self.adapter(8, name="chain-lora", start="tuned-on")
        add("chain-lora-bf16", self.half_of("chain-lora", "bf16"), ["chain-lora"], ["converted-lossy"], kind="chain")
        add("chain-lora-Q8_0", gguf("chain-lora-bf16", "Q8_0"), ["chain-lora-bf16"], ["quantised"], kind="chain", scheme="Q8_0")
        # the steps between are not at hand
        self.tuned("absent-1", "base", "readmes", epochs=2, absent=True)
        either = {"accept": [["fine-tuned"]], "direction": "undetermined"}
        add("chain-tuned-f16", self.half_of("absent-1", "f16"), ["base"], ["converted-lossy", "fine-tuned"], kind="chain, steps absent", **either)
        self.tuned("absent-2", "tuned-1", "readmes", epochs=2, absent=True)
        add("chain-tuned-Q4_0", gguf("absent-2", "Q4_0"), ["tuned-1"], ["fine-tuned", "quantised"], kind="chain, steps absent", scheme="Q4_0")
        self.adapter(16, name="absent-lora", absent=True)
        add("chain-lora-f16", self.half_of("absent-lora", "f16"), ["base"], ["adapter-merged", "converted-lossy"], kind="chain, steps absent",
            rank=16, accept=[["adapter-merged"]], direction="undetermined")
        # merged, then tuned, then pruned, then rounded
        self.tuned("chain-merge-tuned", "merge-37", "readmes", kind="chain")
        write = lambda it: self.write(edits.prune_magnitude(self.model("chain-merge-tuned"), 0.3), it)
        add("chain-pruned", write, ["chain-merge-tuned"], ["pruned"], kind="chain", sparsity=0.3)
        add("chain-pruned-f16", self.half_of("chain-pruned", "f16"), ["chain-pruned"], ["converted-lossy"], kind="chain")


def moved(source, folder):
    for path in Path(source).iterdir():
        path.rename(Path(folder) / path.name)
