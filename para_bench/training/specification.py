"""What a checkpoint is made for, read from its config.json without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from para_bench.files import check_regular
from para_bench.heads.config import HeadConfig
from para_bench.records.documents import parse_json, read_bytes
from para_bench.types import ACTIONS, FeatureSpec, ParaBenchError, from_dict, to_dict

CONFIG, WEIGHTS, BACKBONE_WEIGHTS = "config.json", "model.safetensors", "backbone.safetensors"
"""Files of a checkpoint."""


@dataclass(frozen=True)
class HeadSpec:
    """What a checkpoint is made for."""

    head: str
    head_config: HeadConfig
    features: FeatureSpec
    action_spec: str = ACTIONS.text
    action_horizon: int = ACTIONS.horizon


def read_spec(folder: Path) -> HeadSpec:
    """What the checkpoint in a folder is made for.

    Raises:
        ParaBenchError: there is no checkpoint, or it is damaged.
    """
    for name in (CONFIG, WEIGHTS):
        check_regular(folder / name, "a file of a checkpoint (delete the folder to train again)")
    if not (folder / CONFIG).exists():
        raise ParaBenchError(f"no checkpoint in {folder}; allowed: a folder with {CONFIG} and {WEIGHTS}")
    try:
        written = parse_json(read_bytes(folder / CONFIG))["spec"]
        spec = from_dict(HeadSpec, written)
        if not _says(json.loads(json.dumps(to_dict(spec))), written):
            raise ValueError("another type of value")
        return spec
    except (Exception, RecursionError) as error:  # json and cattrs each have their own
        raise ParaBenchError(f"{folder / CONFIG} is damaged ({type(error).__name__}); delete the folder to train again") from None


def _says(value: Any, written: Any) -> bool:
    """Whether a value equals what was written, also in type (reading may convert it); parts that were not written have their defaults."""
    if isinstance(written, dict) and isinstance(value, dict):
        return all(name in value and _says(value[name], part) for name, part in written.items())
    return type(value) is type(written) and value == written
