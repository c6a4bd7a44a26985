"""Where models stand and what is true of them: a folder for each model, its truth written last."""

import json
import shutil
import time
import zlib
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

#: Changes that leave something by which to see which end came first (docs/lineage.md).
DIRECTED = {"quantised", "converted-lossy", "merged", "assembled", "pruned", "vocabulary-resized", "direction-ablated", "adapter"}

#: Files that are models; all others beside them are configurations and tokenizers.
MODEL_FILES = (".safetensors", ".bin", ".onnx", ".gguf")


class Family:
    """One base and all that was made of it. `half` is the half of the zoo that it belongs to: fit or report."""

    def __init__(self, root, name, half, seed):
        self.root, self.name, self.half, self.seed = Path(root), name, half, seed

    def seed_of(self, name):
        return zlib.crc32(f"{self.seed}/{self.name}/{name}".encode()) % 2**31

    def folder(self, name):
        """Absent models are made, for others are made from them, but no tool is shown them."""
        shown = self.root / self.name / name
        return shown if shown.exists() else self.root / ".absent" / self.name / name

    def add(self, name, make, parents=(), changes=(), *, kind=None, weights=None, absent=False, direction=None, accept=(), **details):
        """`make(folder)` writes the model. `parents`: the nearest that are not absent. `accept`: other sets of changes that are
        as true, when the files cannot tell them apart."""
        folder = self.root / (".absent" if absent else "") / self.name / name
        if (folder / "truth.json").exists():
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        began = time.time()
        torch.manual_seed(self.seed_of(name))
        make(folder)
        known = direction or ("known" if DIRECTED & set(changes) else "undetermined")
        truth = {
            "name": f"{self.name}/{name}",
            "family": self.name,
            "half": self.half,
            "kind": kind or "+".join(sorted(changes)) or "base",
            "files": artifacts(folder),
            "parents": [
                {"name": f"{self.name}/{parent}", "weight": weights[at] if weights else None} for at, parent in enumerate(parents)
            ],
            "changes": sorted(changes),
            "accept": [sorted(other) for other in accept],
            "direction": known if parents else None,
            "details": details,
        }
        (folder / "truth.json").write_text(json.dumps(truth, indent=1))
        print(f"{self.name}/{name}  {time.time() - began:.1f} s", flush=True)

    def state(self, name):
        """Its tensors as safetensors holds them."""
        return load_file(self.folder(name) / "model.safetensors")


def artifacts(folder):
    """What a scan should find in a model's folder: single files, and the index of each set of shards."""
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in MODEL_FILES or path.name.endswith(".index.json")]
    return [str(path.relative_to(folder)) for path in found if "-of-" not in path.name]


def collect(root):
    """truth.json of the whole zoo."""
    models = [json.loads(path.read_text()) for path in sorted(Path(root).glob("[!.]*/*/truth.json"))]
    return models


def save(state, folder, name="model.safetensors"):
    tensors = {key: value.detach().clone().contiguous() for key, value in state.items()}
    save_file(tensors, Path(folder) / name, metadata={"format": "pt"})


def beside(source, folder):
    """Configuration and tokenizer of another model, for a model made of its tensors alone."""
    for path in Path(source).glob("*.json"):
        if path.name != "truth.json" and not path.name.endswith(".index.json"):
            shutil.copy(path, folder)
