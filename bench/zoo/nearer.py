"""Whose parent is not the nearest: by the weights themselves, another model that is no descendant lies nearer than it."""

from pathlib import Path

from safetensors.torch import load_file

#: Nearer by less than this is the same distance.
MARGIN = 0.995


def mark_nearer(models, root):
    """Adds `nearer` to every model: the names of those. Two measures must agree, the plain one and the mean of each tensor's own."""
    for family in {model["family"] for model in models}:
        members = [model for model in models if model["family"] == family]
        states = {model["name"]: read(Path(root) / model["name"]) for model in members}
        states = {name: state for name, state in states.items() if state}
        for model in members:
            model["nearer"] = nearer(model, members, states)


def read(folder):
    file = folder / "model.safetensors"
    if not file.exists():
        return None
    return {key: value.float() for key, value in load_file(file).items() if value.is_floating_point()}


def nearer(model, members, states):
    own, parents = states.get(model["name"]), [parent["name"] for parent in model["parents"]]
    if own is None or len(parents) != 1 or parents[0] not in states or not model["changes"]:
        return []
    limit = distances(own, states[parents[0]])
    others = [it["name"] for it in members if it["name"] in states and it["name"] not in (model["name"], parents[0])]
    others = [name for name in others if not descends(name, model["name"], members)]
    return [name for name in others if all(a < MARGIN * b for a, b in zip(distances(own, states[name]), limit))]


def distances(a, b):
    """Of what both have; infinite where that is not nearly all."""
    shared = [key for key in a if key in b and a[key].shape == b[key].shape]
    size = sum(a[key].numel() for key in shared)
    if size < 0.99 * max(sum(value.numel() for value in state.values()) for state in (a, b)):
        return float("inf"), float("inf")
    apart = {key: float((a[key] - b[key]).norm()) for key in shared}
    norms = {key: max(float(a[key].norm()), 1e-30) for key in shared}
    plain = (sum(it**2 for it in apart.values()) / sum(it**2 for it in norms.values())) ** 0.5
    return plain, sum(a[key].numel() * min(1, apart[key] / norms[key]) for key in shared) / size


def descends(name, ancestor, members):
    parents = next((it["parents"] for it in members if it["name"] == name), [])
    return any(parent["name"] == ancestor or descends(parent["name"], ancestor, members) for parent in parents)
