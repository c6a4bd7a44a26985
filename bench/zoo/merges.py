"""Merges by mergekit, tensor by tensor."""

from pathlib import Path

from mergekit.graph import Executor
from mergekit.options import MergeOptions
from mergekit.scripts.merge_raw_pytorch import RawPyTorchMergeConfig, plan_flat_merge


def merge(folder, method, parents, parameters, base=None, common=None, dtype="float32", out_dtype=None):
    """`parents`: folders; `parameters`: one dict each; `common`: parameters of the method. Writes model.safetensors."""
    file = lambda model: str(Path(model) / "model.safetensors")
    config = RawPyTorchMergeConfig(
        merge_method=method,
        models=[{"model": file(parent), "parameters": own} for parent, own in zip(parents, parameters)],
        base_model=file(base) if base else None,
        parameters=common,
        dtype=dtype,
        out_dtype=out_dtype,
    )
    options = MergeOptions(random_seed=0, quiet=True)
    Executor(plan_flat_merge(config, str(folder), False, False, options), math_device="cpu", storage_device="cpu").execute()
    for shard in Path(folder).glob("model-00001-of-00001.safetensors"):
        shard.rename(Path(folder) / "model.safetensors")
    for index in Path(folder).glob("*.index.json"):
        index.unlink()


def linear(folder, parents, weights, **options):
    merge(folder, "linear", parents, [{"weight": weight} for weight in weights], common={"normalize": True}, **options)


def slerp(folder, first, second, t, **options):
    merge(folder, "slerp", [first, second], [None, None], base=first, common={"t": t}, **options)


def sparse(folder, method, base, parents, weights, density, **options):
    """ties, dare_ties, dare_linear, task_arithmetic (without density)."""
    own = [{"weight": weight} | ({"density": density} if density else {}) for weight in weights]
    merge(folder, method, parents, own, base=base, **options)
