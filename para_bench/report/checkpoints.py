"""What checkpoints cost to train, from their folders; found again by the hash that records carry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

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


def costs(paths: Iterable[str | Path]) -> dict[str, Cost]:
    """Checkpoint hash -> cost, for all of `checkpoints/` in the folders given and in their parents."""
    found: dict[str, Cost] = {}
    for folder in dict.fromkeys(root / FOLDER for path in paths for root in (Path(path), Path(path).parent)):
        for config in sorted(folder.glob(f"*/{CONFIG}")):
            weights = config.with_name(WEIGHTS)
            if weights.exists():
                found[hashlib.sha256(weights.read_bytes()).hexdigest()[:16]] = _cost(config)
    return found


def _cost(config: Path) -> Cost:
    try:
        value = json.loads(config.read_text())
        return Cost(value["parameters"]["head"], value["training_seconds"], value["device"], value.get("training_flops"), config.parent)
    except (ValueError, KeyError, TypeError) as error:
        raise ParaBenchError(f"{config} is damaged ({type(error).__name__}: {error}); delete its folder to train again") from None
