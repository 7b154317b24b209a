"""What a trained policy of lerobot states about itself and its training, for the fairness record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from para_bench.lerobot_data.features import ABOUT
from para_bench.records.documents import read_json
from para_bench.records.values import table

_TRAINING = "train_config.json"
_PLAIN = (bool, int, float, str)
_APART = ("device", "pretrained_path", "repo_id", "license", "push_to_hub", "private", "tags", "use_amp", "use_peft", "pretrained_revision")
"""Settings that do not change how it acts."""
_DAMAGED = "as lerobot-train wrote it, or no file"


def facts_of(folder: Path, config: Any, policy: Any) -> dict[str, Any]:
    """Rows of `report.fairness.facts.FACTS`; unknown ones are left out.

    Args:
        folder: Folder of the checkpoint.
        config: lerobot's configuration of the policy.
        policy: The torch module.

    Raises:
        ParaBenchError: train_config.json is damaged.
    """
    training = read_json(folder / _TRAINING, table, _DAMAGED) or {}
    optimiser, data = _object(training.get("optimizer")), _object(training.get("dataset"))
    settings = {name: value for name, value in vars(config).items() if type(value) in _PLAIN and name not in _APART}
    parameters = sum(parameter.numel() for parameter in policy.parameters())
    found = {
        "all_parameters": parameters,
        "backbone": _text(getattr(config, "vision_backbone", getattr(config, "backbone", None))),
        "learning_rate": _number(optimiser.get("lr")),
        "steps": _count(training.get("steps")),
        "batch": _count(training.get("batch_size")),
        "optimiser": {name: value for name, value in optimiser.items() if type(value) in _PLAIN and name != "lr"} or None,
        "settings": {"type": config.type, **settings},
        "training_code": "lerobot",
        **_demonstrations(data),
    }
    return {name: value for name, value in found.items() if value is not None}


def _demonstrations(data: dict[str, Any]) -> dict[str, Any]:
    """Facts of a data set that para-bench exported, if it is still in the folder that training read."""
    root = _text(data.get("root"))
    about = read_json(Path(root) / ABOUT, table, "as `para-bench export-lerobot` wrote it, or no file") if root else None
    if about is None:
        return {}
    counts = [len(views) for views in about["views"]]
    cameras = "each" if counts and max(counts) == 1 else str(max(counts, default=1))
    facts = {"demonstrations": len(about["scenes"]), "demonstrations_hash": _text(about["hash"]), "image_px": _count(about["image_size"])}
    return facts | {"cameras": cameras, "rooms": "1"}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and value >= 0 else None


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
