"""What checkpoints cost to train, from their folders; found again by the hash that records carry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from para_bench.plugins import SOURCE_PREFIX
from para_bench.types import ParaBenchError

FOLDER, CONFIG, WEIGHTS = "checkpoints", "config.json", "model.safetensors"


class Cost(NamedTuple):
    parameters: int
    """Of the head."""
    training_seconds: float
    device: str
    training_flops: float | None
    """Floating point operations of all training steps; None where they were not counted."""
    folder: Path


def weights_hash(folder: Path) -> str:
    """16 hex digits over the file of a checkpoint's weights, in older checkpoints over a plug-in's code too, as records state them."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes() + _plugin_code(folder / CONFIG)).hexdigest()[:16]


def find_folders(paths: Iterable[str | Path]) -> dict[str, Path]:
    """Checkpoint hash -> folder, for all of `checkpoints/` in the folders given (or of the files given) and in their parents."""
    roots = dict.fromkeys(root for path in map(Path, paths) for root in (path, path.parent, path.parent.parent))
    configs = (config for root in roots for config in sorted((root / FOLDER).glob(f"*/{CONFIG}")))
    return {weights_hash(config.parent): config.parent for config in configs if config.with_name(WEIGHTS).exists()}


def find_folder(path: Path, digest: str) -> Path:
    """The folder of one checkpoint.

    Raises:
        ParaBenchError: it is not there.
    """
    found = find_folders([path])
    if digest not in found:
        raise ParaBenchError(
            f"checkpoint {digest} is not in {path / FOLDER}; allowed: {', '.join(found) or 'a results folder with its checkpoints'}"
        )
    return found[digest]


def costs(paths: Iterable[str | Path]) -> dict[str, Cost]:
    """Checkpoint hash -> cost."""
    return {digest: _cost(folder / CONFIG) for digest, folder in find_folders(paths).items()}


def _plugin_code(config: Path) -> bytes:
    """Names and hashes of a plug-in's files; empty for built-in heads, whose records are older than this."""
    try:
        value = json.loads(config.read_text())
        if "format" in value:  # newer ones have a policy hash, which holds all of a policy's code
            return b""
        sources = value["state"]["sources"]
        found = sorted(f"{name} {digest}" for name, digest in sources.items() if name.startswith(SOURCE_PREFIX))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # told where the configuration is needed
        return b""
    return "\n".join(found).encode()


def _cost(config: Path) -> Cost:
    try:
        value = json.loads(config.read_text())
        return Cost(value["parameters"]["head"], value["training_seconds"], value["device"], value.get("training_flops"), config.parent)
    except (ValueError, KeyError, TypeError) as error:
        raise ParaBenchError(f"{config} is damaged ({type(error).__name__}: {error}); delete its folder to train again") from None
