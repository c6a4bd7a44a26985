"""What two published tools answer about the same models (docs/zoo.md), as peers.json beside the truth.

    python3.12 -m venv .cache/zoo-peers && .cache/zoo-peers/bin/pip install -r bench/zoo/requirements-peers.txt
    .cache/zoo-peers/bin/python bench/zoo/peers.py .cache/zoo

cisco-ai-provenance-kit 1.0.0 and modelDNA 0.1.0 as they are, with their own thresholds. Each model is read once; both tools are for
language models in Hugging Face's layout (modelDNA also reads GGUF), and what they cannot read is said with its reason.
"""

import argparse
import json
import logging
import math
import tempfile
import time
import warnings
from itertools import combinations
from pathlib import Path



class Cisco:
    """Model Provenance Kit: `compare`. A pair is related where its decision is a match; `weights` is its score without the gate that
    calls any two models of one configuration a confirmed match."""

    name = "cisco-ai-provenance-kit 1.0.0"
    formats = ("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json")

    def __init__(self):
        import structlog
        from provenancekit.config.settings import Settings
        from provenancekit.core.scanner import ModelProvenanceScanner
        from provenancekit.services.cache import CacheService

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        settings = Settings(cache_dir=Path(tempfile.mkdtemp()))
        self.scanner = ModelProvenanceScanner(settings, CacheService(settings.cache_dir))

    def read(self, folder):
        return self.scanner._extract_model(str(folder)) and str(folder)

    def compare(self, a, b):
        result = self.scanner.compare(a, b)
        identity = result.scores.identity_score
        identity = 0.0 if identity is None or math.isnan(identity) else identity
        related = result.scores.provenance_decision in ("Confirmed Match", "High-Confidence Match", "Weak Match")
        return {"related": related, "score": result.scores.pipeline_score, "weights": identity, "told": result.scores.provenance_decision}


class ModelDna:
    """modelDNA: `compare` and `decompose` on fingerprints. A pair is related at its threshold for naming a lineage (P ≥ .90)."""

    name = "modelDNA 0.1.0"
    formats = ("model.safetensors", "model.safetensors.index.json", "model.gguf")

    def read(self, folder):
        from modeldna.fingerprint.extract import extract_fingerprint
        from modeldna.io.source import open_source

        return extract_fingerprint(open_source(str(folder)), mode="full", model_id=str(folder))

    def compare(self, a, b):
        """Is `a` derived from `b`?"""
        from modeldna.compare import compare_fingerprints
        from modeldna.verdict import judge

        verdict = judge([(compare_fingerprints(a, b), "family")], suspect_dtype=a.arch.torch_dtype, candidate_dtypes={b.model_id: b.arch.torch_dtype})
        score = verdict.probability or 0.0
        return {"related": score >= 0.9, "score": score, "weights": score, "told": verdict.verdict.value}

    def merge(self, child, parents, base):
        from modeldna.merge import decompose_fingerprints

        told = decompose_fingerprints(child, parents, base)
        return {"summary": told.summary, "weights": [told.alphas[parent.model_id] for parent in parents]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zoo", type=Path)
    parser.add_argument("--strangers", type=int, default=1000, help="most pairs of strangers in each half")
    parser.add_argument("--half", choices=["fit", "report", "both"], default="both")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    models = json.loads((options.zoo / "truth.json").read_text())["models"]
    models = [model for model in models if options.half in ("both", model["half"])]
    told = []
    for make in (Cisco, ModelDna):
        try:
            told.append(ask(make(), options, models))
        except ImportError as missing:
            print(f"{make.name}: not installed ({missing})")
        (options.zoo / "peers.json").write_text(json.dumps(told))


def ask(tool, options, models):
    read, seconds, unread = {}, [], {}
    for model in models:
        began = time.perf_counter()
        try:
            if not any(Path(file).name in tool.formats for file in model["files"]):
                raise ValueError("no file that it reads")
            read[model["name"]] = tool.read(options.zoo / model["name"])
            seconds.append(time.perf_counter() - began)
        except Exception as error:  # said with its reason, and the others go on
            unread[model["name"]] = f"{type(error).__name__}: {str(error)[:200]}"
    print(f"{tool.name}: {len(read)} of {len(models)} models read, {sum(seconds) / max(1, len(seconds)):.2f} s each", flush=True)
    at_hand = [model for model in models if model["name"] in read]
    asked = pairs_of(at_hand, options.strangers)
    began = time.perf_counter()
    pairs = [{"child": child, "parent": parent, **safely(tool, read[child], read[parent])} for child, parent in asked]
    merges = merges_of(tool, at_hand, read) if hasattr(tool, "merge") else []
    return {
        "name": tool.name, "seconds": sum(seconds) / max(1, len(seconds)), "unread": unread, "pairs": pairs, "merges": merges,
        "secondsPerPair": (time.perf_counter() - began) / max(1, len(pairs)),
    }


def safely(tool, a, b):
    try:
        return tool.compare(a, b)
    except Exception as error:
        return {"related": False, "score": 0.0, "weights": 0.0, "told": f"{type(error).__name__}: {str(error)[:100]}"}


def pairs_of(models, most):
    """Any two of a family; strangers of one half by their families' names, evenly taken."""
    within = [(b["name"], a["name"]) for a, b in combinations(models, 2) if a["family"] == b["family"]]
    apart = {half: [] for half in ("fit", "report")}
    for a, b in combinations(models, 2):
        if a["family"] != b["family"] and a["half"] == b["half"] and kin(a) == kin(b):
            apart[a["half"]].append((a["name"], b["name"]))
    chosen = [pairs[:: max(1, len(pairs) // most)] for pairs in apart.values()]
    return within + [pair for pairs in chosen for pair in pairs]


def kin(model):
    """Families of one configuration: little ones and the strangers that are like them, and so on."""
    kind, _, rest = model["family"].partition("-")
    return {"little": "text", "stranger": rest.split("-")[0]}.get(kind, kind)


def merges_of(tool, models, read):
    told = []
    for model in models:
        parents = [parent["name"] for parent in model["parents"]]
        base = model["details"].get("base") or f"{model['family']}/base"
        if "merged" not in model["changes"] or not all(parent in read for parent in [*parents, base]):
            continue
        try:
            others = None if base in parents else read[base]
            told.append({"child": model["name"], **tool.merge(read[model["name"]], [read[parent] for parent in parents], others)})
        except Exception as error:
            told.append({"child": model["name"], "summary": f"{type(error).__name__}: {error}", "weights": []})
    return told


if __name__ == "__main__":
    main()
