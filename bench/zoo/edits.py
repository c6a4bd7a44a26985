"""What is done to finished weights without training: rounding, pruning, ablating, permuting, growing, cutting."""

import torch
from torch.nn.utils import prune

HALF = {"f16": torch.float16, "bf16": torch.bfloat16}


def cast(state, kind):
    return {key: value.to(HALF[kind]) if value.is_floating_point() else value for key, value in state.items()}


def widen(state):
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def matrices(model):
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return [module for name, module in model.named_modules() if isinstance(module, kinds) and not name.endswith("lm_head")]


def prune_magnitude(model, share):
    """The smallest weights of all layers together set to zero (torch.nn.utils.prune)."""
    return pruned(model, lambda layers: prune.global_unstructured(layers, prune.L1Unstructured, amount=share))


def prune_rows(model, share):
    """The rows of least norm set to zero, layer by layer."""
    return pruned(model, lambda layers: [prune.ln_structured(layer, name, share, n=2, dim=0) for layer, name in layers])


def pruned(model, apply):
    layers = [(layer, "weight") for layer in matrices(model)]
    apply(layers)
    for layer, name in layers:
        prune.remove(layer, name)
    return model


def drop_neurons(state, share):
    """The weakest neurons of every feed-forward block taken out of its three matrices; returns how many stay."""
    state, kept = dict(state), None
    for gate in [key for key in state if key.endswith("mlp.gate_proj.weight")]:
        up, down = gate.replace("gate_proj", "up_proj"), gate.replace("gate_proj", "down_proj")
        strength = state[gate].norm(dim=1) * state[up].norm(dim=1) * state[down].norm(dim=0)
        kept = len(strength) - int(len(strength) * share)
        stay = strength.topk(kept).indices.sort().values
        state[gate], state[up], state[down] = state[gate][stay], state[up][stay], state[down][:, stay]
    return state, kept


def ablate(state, direction):
    """Nothing is written in this direction any more: W − r rᵀ W for every matrix that writes to the stream."""
    r = direction / direction.norm()
    writes = ("o_proj.weight", "down_proj.weight")
    return {key: value - torch.outer(r, r @ value) if key.endswith(writes) else value for key, value in state.items()}


def permute_neurons(state, seed):
    """The neurons of every feed-forward block in another order: the same function."""
    generator = torch.Generator().manual_seed(seed)
    state = dict(state)
    for gate in [key for key in state if key.endswith("mlp.gate_proj.weight")]:
        up, down = gate.replace("gate_proj", "up_proj"), gate.replace("gate_proj", "down_proj")
        order = torch.randperm(len(state[gate]), generator=generator)
        state[gate], state[up], state[down] = state[gate][order], state[up][order], state[down][:, order]
    return state


def permute_stream(state, seed):
    """The features of the stream in another order, and the neurons: no matrix keeps its rows and columns, the function is the same."""
    state = permute_neurons(state, seed)
    width = state["model.norm.weight"].numel()
    order = torch.randperm(width, generator=torch.Generator().manual_seed(seed + 1))
    writes = ("o_proj.weight", "down_proj.weight")
    for key, value in state.items():
        if value.dim() == 1 or key.endswith(writes):
            state[key] = value[order]
        else:
            state[key] = value[:, order]
    return state


def layers_taken(state, layers):
    """The model of these layers, in this order; a layer may come twice."""
    prefix = "model.layers."
    result = {key: value for key, value in state.items() if not key.startswith(prefix)}
    for at, layer in enumerate(layers):
        start = f"{prefix}{layer}."
        result |= {f"{prefix}{at}.{key[len(start):]}": value for key, value in state.items() if key.startswith(start)}
    return result
