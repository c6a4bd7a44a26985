"""Families of small residual networks with batch norm, trained on handwritten digits."""

import torch
from torch import nn

import edits
import merges
import onnx_files
from shelf import save
from training import train_pictures


class Block(nn.Module):
    def __init__(self, inner, outer, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer)
        self.conv2, self.bn2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False), nn.BatchNorm2d(outer)
        same = inner == outer and stride == 1
        self.downsample = None if same else nn.Sequential(nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (self.downsample(x) if self.downsample else x))


class Network(nn.Module):
    """timm's names for a small residual network."""

    def __init__(self, widths, classes=10):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0])
        stages = [(widths[max(0, at - 1)], width, 2 if at else 1) for at, width in enumerate(widths)]
        self.layers = nn.ModuleList(nn.Sequential(Block(i, o, s), Block(o, o, 1)) for i, o, s in stages)
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        for layer in self.layers:
            x = layer(x)
        return self.fc(x.mean((2, 3)))


def weights(model):
    """Without the counters of batches, which no two trained models share and no merge takes."""
    return {key: value for key, value in model.state_dict().items() if value.is_floating_point()}


class Pictures:
    def __init__(self, family, widths, epoch):
        self.family, self.widths, self.epoch = family, widths, epoch

    def model(self, name=None):
        model = Network(self.widths)
        if name:
            model.load_state_dict(self.family.state(name), strict=False)
        return model

    def base(self, steps):
        def make(folder):
            save(weights(train_pictures(self.model(), 0, epochs=1, steps=steps, rate=2e-3, seed=self.family.seed_of("base"))), folder)

        self.family.add("base", make)

    def tuned(self, name, start, task, *, parents=None, changes=("fine-tuned",), absent=False, kind=None, **options):
        options = {"epochs": 1, "rate": 5e-4} | options
        seed = self.family.seed_of(name)
        make = lambda it: save(weights(train_pictures(self.model(start), task, steps=self.epoch, seed=seed, **options)), it)
        self.family.add(name, make, [start] if parents is None else parents, changes, absent=absent, kind=kind)

    def everything(self):
        self.copies()
        self.fine_tunes()
        self.merged()
        self.reshaped()
        self.chains()

    def copies(self):
        add, state = self.family.add, self.family.state
        add("base-bin", lambda it: torch.save(state("base"), it / "pytorch_model.bin"), ["base"], kind="same model")
        for kind in ("f16", "bf16"):
            add(f"base-{kind}", lambda it, kind=kind: save(edits.cast(state("base"), kind), it), ["base"], ["converted-lossy"])
        folded = lambda it: onnx_files.export(self.model("base").eval(), torch.zeros(1, 1, 16, 16), it / "model.onnx")
        add("base-onnx", folded, ["base"], ["converted"], kind="batch norm folded")
        onnx = self.family.folder("base-onnx") / "model.onnx"
        add("base-int8", lambda it: onnx_files.quantise(onnx, it / "model.onnx"), ["base-onnx"], ["quantised"], kind="int8", scheme="int8")
        channels = lambda it: onnx_files.quantise(onnx, it / "model.onnx", per_channel=True)
        add("base-uint8", channels, ["base-onnx"], ["quantised"], kind="int8", scheme="uint8")

    def fine_tunes(self):
        upper = tuple(f"layers.{at}." for at in range(len(self.widths) // 2, len(self.widths))) + ("fc.",)
        self.tuned("tuned-1", "base", 1)
        self.tuned("tuned-3", "base", 2, epochs=3, rate=1e-3)
        self.tuned("tuned-180", "base", 2, epochs=2)
        self.tuned("tuned-light", "base", 0, rate=5e-5)
        self.tuned("tuned-frozen", "base", 1, epochs=2, trainable=lambda name: name.startswith(upper), kind="fine-tuned, layers frozen")
        self.tuned("tuned-on", "tuned-1", 3, epochs=2, kind="fine-tuned twice")

    def merged(self):
        add, folder = self.family.add, self.family.folder
        one, two, three = "tuned-1", "tuned-3", "tuned-180"
        for name, pairs, changes, options in (
            ("merge-37", {one: 0.3, two: 0.7}, ["merged"], {}),
            ("merge-253", {one: 0.2, two: 0.5, three: 0.3}, ["merged"], {}),
            ("merge-64-bf16", {two: 0.6, three: 0.4}, ["converted-lossy", "merged"], {"out_dtype": "bfloat16"}),
        ):
            sources, weights = [folder(it) for it in pairs], list(pairs.values())
            write = lambda it, s=sources, w=weights, o=options: merges.linear(it, s, w, **o)
            add(name, write, list(pairs), changes, weights=weights, kind="linear merge", method="linear")
        write = lambda it: merges.slerp(it, folder(one), folder(three), 0.5)
        add("merge-slerp", write, [one, three], ["merged"], weights=[0.5, 0.5], kind="SLERP merge", method="slerp")
        for method, kind in (("ties", "TIES merge"), ("dare_linear", "DARE merge")):
            write = lambda it, m=method: merges.sparse(it, m, folder("base"), [folder(one), folder(two)], [0.5, 0.5], 0.5)
            add(f"merge-{method}", write, [one, two], ["merged"], weights=[0.5, 0.5], kind=kind, method=method, base=f"{self.family.name}/base")

    def reshaped(self):
        add, state = self.family.add, self.family.state
        for share, of in ((30, "base"), (50, "tuned-1")):
            write = lambda it, s=share, of=of: save(weights(edits.prune_magnitude(self.model(of), s / 100)), it)
            add(f"pruned-{share}", write, [of], ["pruned"], kind="magnitude pruning", sparsity=share / 100)
        write = lambda it: save(weights(edits.prune_rows(self.model("tuned-3"), 0.25)), it)
        add("pruned-filters", write, ["tuned-3"], ["pruned"], kind="structured pruning", sparsity=0.25)
        bare = lambda: {key: value for key, value in state("base").items() if not key.startswith("fc.")}
        add("backbone", lambda it: save(bare(), it), ["base"], ["extracted"])
        # a head of a size that leaves more than one weight in a thousand new
        head = {"fc.weight": torch.randn(37, self.widths[-1]) * 0.1, "fc.bias": torch.zeros(37)}
        add("headed", lambda it: save(bare() | head, it), ["backbone"], ["extracted", "fine-tuned"], kind="new head", accept=[["extracted"]])

    def chains(self):
        add, state = self.family.add, self.family.state
        self.tuned("chain-merge-tuned", "merge-37", 3, epochs=2, kind="chain")
        write = lambda it: save(weights(edits.prune_magnitude(self.model("chain-merge-tuned"), 0.3)), it)
        add("chain-pruned", write, ["chain-merge-tuned"], ["pruned"], kind="chain", sparsity=0.3)
        add("chain-pruned-f16", lambda it: save(edits.cast(state("chain-pruned"), "f16"), it), ["chain-pruned"], ["converted-lossy"], kind="chain")
        self.tuned("absent-1", "base", 3, epochs=2, absent=True)
        either = {"accept": [["fine-tuned"]], "direction": "undetermined"}
        half = lambda it: save(edits.cast(state("absent-1"), "f16"), it)
        add("chain-tuned-f16", half, ["base"], ["converted-lossy", "fine-tuned"], kind="chain, steps absent", **either)
